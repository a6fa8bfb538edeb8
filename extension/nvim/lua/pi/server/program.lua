-- Finds the server's program.
local M = {}

--- The plugin's own version; the server's has to have the same first two numbers.
M.version = '0.1.0'

---@class pi.Server
---@field command string[] with its arguments
---@field from string where it was found

local program = vim.fn.has('win32') == 1 and 'pilsp.exe' or 'pilsp'

---@return string[] folders in which it is looked for, before PATH
function M.folders()
  local here = vim.fs.dirname(vim.fs.normalize(debug.getinfo(1, 'S').source:sub(2)))
  local plugin = vim.fs.dirname(vim.fs.dirname(vim.fs.dirname(here)))
  local checkout = vim.fs.dirname(vim.fs.dirname(plugin))
  return { checkout .. '/dist/server', plugin .. '/dist/server', plugin .. '/server' }
end

---@return pi.Server? server
---@return string? problem what to do, where none was found
function M.find()
  local chosen = require('pi.config').get().server
  if chosen then
    local command = type(chosen) == 'table' and vim.deepcopy(chosen) or { chosen }
    if type(command[1]) ~= 'string' then
      return nil, 'The option "server" is empty; give the path of pilsp, or leave it out.'
    end
    command[1] = vim.fn.expand(command[1])
    if vim.fn.executable(command[1]) == 0 then
      return nil, ('The option "server" names %s, which cannot be run.'):format(command[1])
    end
    return { command = command, from = 'the option "server"' }
  end
  for _, folder in ipairs(M.folders()) do
    local path = folder .. '/' .. program
    if vim.fn.executable(path) == 1 then
      return { command = { path }, from = 'beside the plugin' }
    end
  end
  -- A relative entry means the folder one works in, and what lies there is the repository's.
  local windows = vim.fn.has('win32') == 1
  for _, folder in ipairs(vim.split(vim.env.PATH or '', windows and ';' or ':', { plain = true, trimempty = true })) do
    local path = vim.fs.normalize(folder) .. '/' .. program
    if path:match(windows and '^%a:/' or '^/') and vim.fn.executable(path) == 1 then
      return { command = { path }, from = 'PATH' }
    end
  end
  return nil, 'The server pilsp was not found: not beside the plugin (npm run build makes it), not on PATH, and the option "server" is not set.'
end

---@return string
function M.log_file()
  return vim.fs.normalize(vim.fn.stdpath('log') --[[@as string]]) .. '/pilsp.log'
end

---@param theirs? string
---@return string? problem
function M.mismatch(theirs)
  local numbers = '^(%d+%.%d+)'
  if theirs and theirs:match(numbers) ~= M.version:match(numbers) then
    return ('The server is version %s, the plugin %s: take both from the same release.'):format(theirs, M.version)
  end
end

return M
