-- `:Pi` with its subcommands and their completion.
local note = require('pi.note')

local M = {}

M.subcommands = require('pi.subcommands')

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
  -- As in Vim itself a mark comes before a command for the shell.
  if vim.startswith(input.args, '!') and input.range == 0 and not input.bang then
    return require('pi.chat.shell').typed(input.args)
  end
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
    -- Of most only the first word is one of a list.
    if not subcommand or not subcommand.complete or (rest:find('%s') and not subcommand.prompt) then
      return {}
    end
    candidates = subcommand.complete(lead, rest)
  end
  return vim.tbl_filter(function(one)
    return vim.startswith(one, lead)
  end, candidates)
end

return M
