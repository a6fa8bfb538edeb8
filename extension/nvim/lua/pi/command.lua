-- `:Pi` with its subcommands and their completion.
local note = require('pi.note')

local M = {}

---@class pi.Call
---@field words string what stands behind the subcommand
---@field range? { [1]: integer, [2]: integer } 1-based lines, if any were given
---@field bang boolean

---@class pi.Subcommand
---@field run fun(call: pi.Call)
---@field complete? fun(): string[]
---@field range? boolean it takes lines
---@field bang? boolean `:Pi!` means something
---@field words? boolean it takes words

local scopes = { 'file', 'all', 'hunk' }

---@param words string
---@return "hunk"|"file"|"all" scope
---@return string rest
local function scope_of(words)
  local first, rest = words:match('^(%S+)%s*(.*)$')
  if vim.list_contains(scopes, first) then
    return first, rest
  end
  return 'hunk', words
end

---@return string[]
local function list_scopes()
  return scopes
end

---@type table<string, pi.Subcommand>
M.subcommands = {
  ask = {
    words = true,
    range = true,
    run = function(call)
      require('pi.ask').with_words(call.words, 'Ask Pi: ', { range = call.range })
    end,
  },
  edit = {
    words = true,
    range = true,
    run = function(call)
      require('pi.ask').edit(call.words, call.range)
    end,
  },
  steer = {
    words = true,
    range = true,
    run = function(call)
      require('pi.ask').with_words(call.words, 'Tell Pi now: ', { range = call.range, deliver = 'steer' })
    end,
  },
  follow = {
    words = true,
    range = true,
    run = function(call)
      require('pi.ask').with_words(call.words, 'Ask Pi afterwards: ', { range = call.range, deliver = 'followUp' })
    end,
  },
  apply = {
    words = true,
    range = true,
    complete = list_scopes,
    run = function(call)
      local scope, rest = scope_of(call.words)
      if rest ~= '' then
        return note.error(('"%s" is nothing that can be applied: hunk, file or all.'):format(rest))
      end
      require('pi.decide').apply(scope, call.range)
    end,
  },
  reject = {
    words = true,
    range = true,
    complete = list_scopes,
    run = function(call)
      local scope, reason = scope_of(call.words)
      require('pi.decide').reject(scope, reason, call.range)
    end,
  },
  next = {
    run = function()
      require('pi.navigate').go(1)
    end,
  },
  prev = {
    run = function()
      require('pi.navigate').go(-1)
    end,
  },
  review = {
    bang = true,
    run = function(call)
      require('pi.review').open(nil, call.bang)
    end,
  },
  remark = {
    words = true,
    range = true,
    run = function(call)
      if call.words ~= '' then
        return require('pi.remarks').add(call.words, call.range)
      end
      vim.ui.input({ prompt = 'Remark for Pi: ' }, function(words)
        if words and vim.trim(words) ~= '' then
          require('pi.remarks').add(words, call.range)
        end
      end)
    end,
  },
  chat = {
    run = function()
      require('pi.chat').toggle()
    end,
  },
  answer = {
    run = function()
      require('pi.questions').answer()
    end,
  },
  model = {
    words = true,
    complete = function()
      return require('pi.sessions').model_names()
    end,
    run = function(call)
      require('pi.sessions').model(call.words)
    end,
  },
  thinking = {
    words = true,
    complete = function()
      return require('pi.sessions').levels
    end,
    run = function(call)
      require('pi.sessions').thinking(call.words)
    end,
  },
  mode = {
    words = true,
    complete = function()
      return vim.tbl_map(function(mode)
        return mode.name
      end, require('pi.sessions').modes)
    end,
    run = function(call)
      require('pi.sessions').mode(call.words)
    end,
  },
  new = {
    run = function()
      require('pi.sessions').new()
    end,
  },
  resume = {
    run = function()
      require('pi.sessions').resume()
    end,
  },
  stop = {
    run = function()
      require('pi.sessions').stop()
    end,
  },
  undo = {
    bang = true,
    run = function(call)
      require('pi.sessions').undo(call.bang)
    end,
  },
  status = {
    run = function()
      require('pi.sessions').status()
    end,
  },
  log = {
    run = function()
      local path = require('pi.server').log_file()
      if vim.fn.filereadable(path) == 0 then
        return note.info(('there is no log yet (%s).'):format(path))
      end
      vim.cmd.split(vim.fn.fnameescape(path))
      vim.bo.autoread = true
      vim.cmd('normal! G')
    end,
  },
  restart = {
    run = function()
      require('pi.sessions').restart()
    end,
  },
}

---@return string[]
function M.names()
  local names = vim.tbl_keys(M.subcommands)
  table.sort(names)
  return names
end

---@param name string
---@param call pi.Call
local function start(name, call)
  local subcommand = M.subcommands[name]
  if not subcommand then
    return note.error(('there is no ":Pi %s". There are: %s.'):format(name, table.concat(M.names(), ', ')))
  elseif call.words ~= '' and not subcommand.words then
    return note.error((':Pi %s takes no words, not "%s".'):format(name, call.words))
  elseif call.range and not subcommand.range then
    return note.error((':Pi %s takes no range of lines.'):format(name))
  elseif call.bang and not subcommand.bang then
    return note.error((':Pi! %s: there is nothing for the ! to force.'):format(name))
  end
  subcommand.run(call)
end

--- The command itself; without a subcommand it goes to the chat.
---@param input table as nvim_create_user_command gives it
function M.run(input)
  local name, words = input.args:match('^(%S+)%s*(.-)%s*$')
  start(name or 'chat', {
    words = words or '',
    range = input.range > 0 and { input.line1, input.line2 } or nil,
    bang = input.bang,
  })
end

--- A <Plug> map: the selected lines are the range.
---@param name string
function M.map(name)
  local range
  if vim.api.nvim_get_mode().mode:match('^[vV\22]') then
    local first, last = vim.fn.line('v'), vim.fn.line('.')
    range = { math.min(first, last), math.max(first, last) }
    vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('<Esc>', true, false, true), 'nx', false)
    if not M.subcommands[name].range then
      range = nil
    end
  end
  start(name, { words = '', range = range, bang = false })
end

---@param lead string
---@param line string
---@param cursor integer
---@return string[]
function M.complete(lead, line, cursor)
  local before = line:sub(1, cursor):match('^.-Pi!?%s+(.*)$') or ''
  local name, rest = before:match('^(%S+)%s+(.*)$')
  local candidates = M.names()
  if name then
    local subcommand = M.subcommands[name]
    -- Only the first word behind a subcommand is one of a list.
    if not subcommand or not subcommand.complete or rest:find('%s') then
      return {}
    end
    candidates = subcommand.complete()
  end
  return vim.tbl_filter(function(one)
    return vim.startswith(one, lead)
  end, candidates)
end

return M
