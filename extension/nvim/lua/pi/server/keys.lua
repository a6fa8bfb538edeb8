-- API keys that stay with the user: his own command or function gives each when the server starts, and the server hands
-- it to Pi's environment. None is in a message, a file or a log of Neovim's.
local note = require('pi.note')

local M = {}

--- How long a command may take; a password store may have to ask first.
M.deadline_ms = 30000

---@alias pi.KeySource string[]|fun(): string?

---@return string
local function variables_file()
  return vim.fs.joinpath(vim.fn.stdpath('state') --[[@as string]], 'pi', 'variables.json')
end

--- The names of the environment variables, which the server tells with the first key of a provider. With them a key can
--- be handed over without a start of Pi.
---@return table<string, string>
local function variables()
  local file = io.open(variables_file())
  local text = file and file:read('*a') or ''
  if file then
    file:close()
  end
  local ok, known = pcall(vim.json.decode, text)
  return ok and type(known) == 'table' and known or {}
end

---@param provider string
---@param variable string
local function remember(provider, variable)
  local known = variables()
  if known[provider] ~= variable then
    known[provider] = variable
    -- Without the file Pi is only started a moment earlier next time.
    pcall(vim.fn.mkdir, vim.fs.dirname(variables_file()), 'p')
    pcall(vim.fn.writefile, { vim.json.encode(known) }, variables_file())
  end
end

---@param provider string
---@param command string[]
---@param done fun(key?: string) nothing when it failed, of which the user has been told
local function run(provider, command, done)
  local settled, process = false, nil
  local function settle(problem, key)
    if settled then
      return
    end
    settled = true
    if problem then
      note.error(('the command for the key of %s, %s, %s.'):format(provider, command[1], problem))
    end
    done(key)
  end
  local started = pcall(function()
    process = vim.system(command, { text = true }, function(result)
      vim.schedule(function()
        -- Of an entry in a password store the first line is the password.
        local key = vim.trim((result.stdout or ''):match('^[^\n]*') or '')
        if result.code ~= 0 or result.signal ~= 0 then
          local how = result.signal ~= 0 and 'signal %d' or 'exit code %d'
          settle(('failed with ' .. how):format(result.signal ~= 0 and result.signal or result.code))
        elseif key == '' then
          settle('wrote nothing')
        else
          settle(nil, key)
        end
      end)
    end)
  end)
  if not started then
    return settle('does not start')
  end
  vim.defer_fn(function()
    if not settled then
      process:kill('sigkill')
      settle(('took longer than %d s and was ended'):format(math.ceil(M.deadline_ms / 1000)))
    end
  end, M.deadline_ms)
end

---@param provider string
---@param source pi.KeySource
---@param done fun(key?: string)
local function get(provider, source, done)
  if type(source) == 'table' then
    return run(provider, source, done)
  end
  -- What an error says could hold the key.
  local ok, key = pcall(source)
  if not ok or type(key) ~= 'string' or key == '' then
    note.error(('the function for the key of %s %s.'):format(provider, ok and 'returned none' or 'failed'))
    return done(nil)
  end
  done(key)
end

--- Neovim's own log of the protocol has every request from the level DEBUG on; this one it must not have.
---@param send fun()
local function unlogged(send)
  local log = require('vim.lsp.log')
  local level = log.get_level()
  log.set_level(vim.log.levels.OFF)
  local ok, problem = pcall(send)
  log.set_level(level)
  if not ok then
    error(problem, 0)
  end
end

---@return string[] providers
function M.providers()
  local names = vim.tbl_keys(require('pi.config').get().keys)
  table.sort(names)
  return names
end

--- Hands all of them over, one after the other: a password store asks once, not several times at once.
---@param client vim.lsp.Client
---@param done fun()
function M.hand_over(client, done)
  local names = M.providers()
  local function go_on(index)
    local provider = names[index]
    if not provider or require('pi.server.client').get() ~= client then
      return done()
    end
    get(provider, require('pi.config').get().keys[provider], function(key)
      if not key or require('pi.server.client').get() ~= client then
        return go_on(index + 1)
      end
      local argument = { provider = provider, key = key, private = true, variable = variables()[provider] }
      unlogged(function()
        require('pi.server.client').send(client, 'pi.setApiKey', argument, function(problem, result)
          if problem and not vim.startswith(problem, require('pi.server.client').LOST) then
            note.error(('the key of %s was not taken: %s'):format(provider, problem))
          elseif result and result.variable then
            remember(provider, result.variable)
          end
          go_on(index + 1)
        end)
      end)
    end)
  end
  go_on(1)
end

return M
