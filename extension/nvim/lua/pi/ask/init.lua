-- Prompts: what the user asks, with the file and the lines that are meant.
local note = require('pi.note')

local M = {}

---@class pi.AskOptions
---@field range? { [1]: integer, [2]: integer } 1-based lines
---@field deliver? "start"|"steer"|"followUp"
---@field chat? boolean show the chat; without it as the options say
---@field buf? integer the file that is meant; without it the current one
---@field quiet? boolean say nothing at the end

--- Text of a buffer that is no file (a new or scratch buffer, a revision, a terminal, a help page): no path leads there, so it
--- goes along as text. Without lines that are meant it is what the user has before him and reads: no terminal, no list.
---@param buf integer
---@param range? { [1]: integer, [2]: integer }
---@return table? attachment
local function pasted(buf, range)
  local name = vim.api.nvim_buf_get_name(buf)
  local scheme = name:match('^(%a[%w+.-]+)://')
  local read = vim.bo[buf].buftype == '' or scheme and scheme ~= 'pi' and scheme ~= 'term'
  local lines = vim.api.nvim_buf_get_lines(buf, range and range[1] - 1 or 0, range and range[2] or -1, false)
  if not range and (not read or vim.iter(lines):all(function(line)
    return line == ''
  end)) then
    return nil
  end
  local shown = name ~= '' and vim.fn.fnamemodify(name, ':t') or 'a buffer without a name'
  local title = range and ('Lines %d-%d of %s'):format(range[1], range[2], shown) or 'The text of ' .. shown
  return { kind = 'text', title = title .. ', which is no file and cannot be edited here', text = table.concat(lines, '\n') }
end

---@param buf integer
---@param range? { [1]: integer, [2]: integer }
---@return table the context for pi.ask
function M.context(buf, range)
  if not require('pi.server.connection').is_file(buf) then
    local text = pasted(buf, range)
    return text and { attachments = { text } } or {}
  end
  local given = { textDocument = { uri = vim.uri_from_bufnr(buf) } }
  if range then
    local client = require('pi.server.client').get()
    local last = vim.api.nvim_buf_get_lines(buf, range[2] - 1, range[2], false)[1] or ''
    local encoding = client and client.offset_encoding or 'utf-16'
    local width = encoding == 'utf-8' and #last or vim.fn.strutf16len(last)
    given.range = { start = { line = range[1] - 1, character = 0 }, ['end'] = { line = range[2] - 1, character = width } }
  end
  return given
end

--- The buffer that is meant from here: from the chat the file in the window before, unless its own lines are meant.
---@param range? { [1]: integer, [2]: integer }
---@return integer
local function meant(range)
  local buf = vim.api.nvim_get_current_buf()
  if not range and vim.startswith(vim.api.nvim_buf_get_name(buf), 'pi://chat') then
    local before = vim.fn.winbufnr(vim.fn.winnr('#'))
    return before > 0 and require('pi.server.connection').is_file(before) and before or buf
  end
  return buf
end

---@param prompt string
---@param options? pi.AskOptions
---@param done? fun(problem?: string, result?: table) when the run has settled
function M.send(prompt, options, done)
  options = options or {}
  local state = require('pi.state')
  local into = options.deliver == 'steer' or options.deliver == 'followUp'
  if state.is_current_running() and not into then
    return note.error('Pi is at work. :Pi stop ends it, :Pi steer says something to it, :Pi follow asks afterwards.')
  elseif into and not state.is_current_running() then
    options.deliver, into = 'start', false
  end
  local buf = options.buf or meant(options.range)
  if options.chat or options.chat == nil and require('pi.config').get().chat.open then
    require('pi.chat').show()
  end
  -- The encoding is known only when the server has answered.
  require('pi.server.client').ready(function(client, missing)
    if not client then
      return note.error(missing --[[@as string]])
    end
    require('pi.chat').asked(prompt, into)
    local argument =
      vim.tbl_extend('force', { prompt = prompt, deliver = options.deliver }, vim.api.nvim_buf_is_valid(buf) and M.context(buf, options.range) or {})
    local taken = require('pi.ask.attachments').take()
    for _, one in ipairs(taken) do
      argument.attachments = argument.attachments or {}
      table.insert(argument.attachments, one.attachment)
    end
    local function answered(problem, result)
      if problem then
        require('pi.ask.attachments').put_back(taken)
        require('pi.chat').without_run(prompt, problem, true)
        if not vim.startswith(problem, require('pi.server.client').LOST) then
          note.brief(problem, vim.log.levels.ERROR)
        end
      elseif result.stopReason == 'handled' then
        require('pi.chat').without_run(prompt, result.text or '', false)
        -- It may have been one that goes to another conversation.
        require('pi.chat').load(result.sessionId)
      elseif not into then
        require('pi.chat').settled(result)
        if result.error then
          note.brief(result.error, vim.log.levels.ERROR)
        elseif not options.quiet then
          note.brief(result.stopReason == 'aborted' and 'stopped.' or 'done.')
        end
      end
      if done then
        done(problem, result)
      end
    end
    require('pi.ask.attachments').check(prompt, function()
      require('pi.server.client').execute('pi.ask', argument, answered)
    end)
  end)
end

--- What can stand in a prompt: at its beginning a command, anywhere `@` and a path.
---@param lead string the word before the cursor
---@param words string everything before the cursor
---@return string[]
function M.complete(lead, words)
  local await = require('pi.server.commands').await
  if vim.startswith(lead, '@') then
    local result = await('pi.completeMention', { prefix = lead:sub(2), limit = 50 })
    return vim.tbl_map(function(item)
      return item.insert
    end, result and result.items or {})
  elseif lead == words and vim.startswith(lead, '/') then
    local result = await('pi.listCommands')
    return vim.tbl_map(function(command)
      return '/' .. command.name:gsub('^/', '')
    end, result and result.commands or {})
  end
  return {}
end

--- The same in a text field, where all that is typed counts as one word. Called by Neovim, by this name.
---@param _ string
---@param line string
---@param cursor integer
---@return string[]
function M.complete_field(_, line, cursor)
  local before, lead = line:sub(1, cursor):match('^(.-)(%S*)$')
  local found = {}
  for _, one in ipairs(M.complete(lead, before .. lead)) do
    if vim.startswith(one, lead) then
      table.insert(found, before .. one)
    end
  end
  return found
end

--- Asks for the words first, where there are none.
---@param words string
---@param question string
---@param options pi.AskOptions
---@param shape? fun(words: string): string
---@param default? string what the text field begins with
function M.with_words(words, question, options, shape, default)
  options.buf = meant(options.range)
  local function send(given)
    if given and vim.trim(given) ~= '' then
      M.send(shape and shape(given) or given, options)
    end
  end
  if words ~= '' then
    return send(words)
  end
  local with = require('pi.ask.attachments').shown()
  local given = default or require('pi.chat.extensions').take_prompt()
  -- It starts while the user types, and is asked for what can be completed.
  require('pi.server.client').ready(function() end)
  vim.ui.input({
    prompt = with and ('[%s] %s'):format(with, question) or question,
    default = given,
    completion = "customlist,v:lua.require'pi.ask'.complete_field",
  }, send)
end

--- `:[range]Pi edit`: the lines are to be changed, and the result is looked at in the buffer, not in the chat.
---@param words string
---@param range? { [1]: integer, [2]: integer }
function M.edit(words, range)
  if not require('pi.server.connection').is_file(vim.api.nvim_get_current_buf()) then
    return note.error('there is no file in this window that Pi could edit.')
  end
  local what = range and 'the selected lines' or 'this file'
  M.with_words(words, 'Pi, edit: ', { range = range, chat = false }, function(given)
    return ('Change %s with your edit tool, as follows: %s'):format(what, given)
  end)
end

return M
