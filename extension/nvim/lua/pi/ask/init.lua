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

--- The buffer that is meant from here: from the chat and the prompt the file beside it that was used last, unless lines
--- of their own are meant.
---@param range? { [1]: integer, [2]: integer }
---@return integer
function M.meant(range)
  local buf = vim.api.nvim_get_current_buf()
  local name = vim.api.nvim_buf_get_name(buf)
  if range or not (vim.startswith(name, 'pi://chat') or name == 'pi://prompt') then
    return buf
  end
  local latest, used = buf, -1
  for _, win in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    local other = vim.api.nvim_win_get_buf(win)
    local last = vim.fn.getbufinfo(other)[1].lastused
    if require('pi.server.connection').is_file(other) and last >= used then
      latest, used = other, last
    end
  end
  return latest
end

--- What was asked last, to be asked again.
---@type { prompt: string, options: pi.AskOptions }?
local latest

--- `:Pi retry`: the last prompt once more.
function M.retry()
  if not latest then
    return note.info('nothing was asked yet.')
  end
  M.send(latest.prompt, vim.deepcopy(latest.options))
end

--- What a stopped run leaves.
---@param session string
---@return string
function M.stopped(session)
  local hunks = 0
  for _, edit in ipairs(require('pi.state').open_edits()) do
    hunks = hunks + (edit.sessionId == session and edit.status == 'stopped' and #require('pi.state').waiting(edit) or 0)
  end
  if hunks == 0 then
    return 'stopped.'
  end
  return ('stopped. %s can still be applied (:Pi review), until the next prompt.'):format(require('pi.text').counted(hunks, 'change'))
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
  local buf = options.buf or M.meant(options.range)
  options.buf = buf
  if not into then
    latest = { prompt = prompt, options = options }
  end
  if options.chat or options.chat == nil and require('pi.config').get().chat.open then
    require('pi.chat').show()
  end
  require('pi.chat').follow()
  -- The encoding is known only when the server has answered.
  require('pi.server.client').ready(function(client, missing)
    if not client then
      return note.error(missing --[[@as string]])
    end
    require('pi.chat').asked(prompt, into)
    local argument =
      vim.tbl_extend('force', { prompt = prompt, deliver = options.deliver }, vim.api.nvim_buf_is_valid(buf) and M.context(buf, options.range) or {})
    local kinds, told = require('pi.ask.known').named(prompt)
    argument.prompt = told
    local taken = require('pi.ask.attachments').take()
    for _, one in ipairs(taken) do
      -- The same selection once.
      if
        not (
          argument.range
          and one.attachment.kind == 'selection'
          and one.attachment.uri == argument.textDocument.uri
          and vim.deep_equal(one.attachment.range, argument.range)
        )
      then
        argument.attachments = argument.attachments or {}
        table.insert(argument.attachments, one.attachment)
      end
    end
    local function answered(problem, result, next)
      local steps = require('pi.server.steps')
      if problem then
        require('pi.ask.attachments').put_back(taken)
        require('pi.chat').without_run(prompt, problem .. steps.named(next), true)
        if not vim.startswith(problem, require('pi.server.client').LOST) then
          note.brief(problem .. steps.named(next), vim.log.levels.ERROR)
        end
        steps.offer(problem, next)
      elseif result.stopReason == 'handled' then
        require('pi.chat').without_run(prompt, result.text or '', false)
        -- It may have been one that goes to another conversation.
        require('pi.chat').load(result.sessionId)
      elseif not into then
        require('pi.chat').settled(result)
        if result.error then
          local sentence = require('pi.server.failure').told(result.error)
          note.brief(sentence .. steps.named(result.next), vim.log.levels.ERROR)
          steps.offer(sentence, result.next)
        elseif not options.quiet then
          note.brief(result.stopReason == 'aborted' and M.stopped(result.sessionId) or 'done.')
        end
      end
      if done then
        done(problem, result)
      end
    end
    require('pi.ask.attachments').gather(kinds, argument, function()
      require('pi.ask.attachments').check(told, function()
        require('pi.server.client').execute('pi.ask', argument, answered)
      end)
    end)
  end)
end

--- Asks for the words first, where there are none.
---@param words string
---@param question string
---@param options pi.AskOptions
---@param shape? fun(words: string): string
---@param default? string what the text field begins with
function M.with_words(words, question, options, shape, default)
  options.buf = M.meant(options.range)
  local function send(given)
    if given and vim.trim(given) ~= '' then
      require('pi.ask.deliver').words(shape and shape(given) or given, options)
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
    completion = "customlist,v:lua.require'pi.ask.complete'.field",
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
