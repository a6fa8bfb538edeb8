-- What can be completed in a prompt: commands, files, what else can be attached.
local M = {}

--- Keys, credentials and what holds them; as chat/host/order.ts of the VS Code extension has it.
local SECRET = vim.regex(
  [[\c\%(^\|/\)\%(\.env\%(\..*\)\?\|\.netrc\|\.npmrc\|\.pypirc\|id_\%(rsa\|dsa\|ecdsa\|ed25519\)]]
    .. [[\|[^/]*\.\%(pem\|key\|p12\|pfx\|kdbx\)\|credentials\%(\.[^/]*\)\?\|auth\.json\)$]]
)

--- What somebody is likely not to mean comes behind: files whose names begin with a dot, and behind them secrets. Whoever
--- types such a name means it.
---@param items pi.Mention[]
---@param query string
---@return pi.Mention[]
local function secrets_last(items, query)
  if query:find('^%.') or query:find('/%.') then
    return items
  end
  local groups = { {}, {}, {} }
  for _, item in ipairs(items) do
    local reluctance = SECRET:match_str(item.path) and 3 or ('/' .. item.path):find('/%.[^/]') and 2 or 1
    table.insert(groups[reluctance], item)
  end
  return vim.list_extend(vim.list_extend(groups[1], groups[2]), groups[3])
end

--- What can stand in a prompt: at its beginning a command, anywhere `@` and a path.
---@param lead string the word before the cursor
---@param words string everything before the cursor
---@return string[]
function M.words(lead, words)
  local await = require('pi.server.commands').await
  if vim.startswith(lead, '@') then
    local result = await('pi.completeMention', { prefix = lead:sub(2), limit = 50 })
    local found = vim.tbl_map(function(item)
      return item.insert
    end, secrets_last(result and result.items or {}, lead:sub(2)))
    -- Whoever has begun to type a name may mean either.
    for index, kind in ipairs(require('pi.ask.known').kinds) do
      table.insert(found, lead == '@' and #found + 1 or index, '@' .. kind)
    end
    return found
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
function M.field(_, line, cursor)
  local before, lead = line:sub(1, cursor):match('^(.-)(%S*)$')
  local found = {}
  for _, one in ipairs(M.words(lead, before .. lead)) do
    if vim.startswith(one, lead) then
      table.insert(found, before .. one)
    end
  end
  return found
end

--- The same while a prompt is written in its buffer, as 'completefunc'. Called by Neovim, by this name.
---@param first integer
---@param base string
---@return integer|string[]
function M.insert(first, base)
  local line = vim.api.nvim_get_current_line():sub(1, vim.api.nvim_win_get_cursor(0)[2])
  if first == 1 then
    return #line:match('^(.-)%S*$')
  end
  local at_top = vim.api.nvim_win_get_cursor(0)[1] == 1 and line:match('^%s*$') ~= nil
  return vim.tbl_filter(function(one)
    return vim.startswith(one, base)
  end, M.words(base, at_top and base or line .. base))
end

return M
