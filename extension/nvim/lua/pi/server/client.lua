-- The connection to the server: started at the first use, attached to every file buffer, one for the whole Neovim.
local note = require('pi.note')

local M = {}

M.name = 'pilsp'

--- How the problem begins that those hear who wait for a server that has ended; everybody has been told of it once.
M.LOST = 'The server has ended'

--- How long a started server may take to answer `initialize`.
local START_MS = 20000

---@type fun(client?: vim.lsp.Client, problem?: string)[] who waits for the server
local waiting = {}
---@type table<integer, fun(problem?: string, result?: table, next?: pi.NextStep[])> commands without an answer yet, by a number of ours
local pending = {}
---@type table<integer, true> those of them that the user gave to choose or type something now
local choosing = {}
local CHOOSING = { ['pi.pickModel'] = true, ['pi.setThinking'] = true, ['pi.login'] = true, ['pi.setApiKey'] = true }
local last_number = 0
---@type table<integer, true> clients whose end was wanted
local expected = {}
---@type table<integer, true> clients that have the user's keys: they can be asked
local open = {}
---@type integer? the client that was started last, which may not have answered `initialize` yet
local started

--- The server's client, also one that is still being started.
---@return vim.lsp.Client?
function M.get()
  for _, client in ipairs(vim.lsp.get_clients({ name = M.name })) do
    if not expected[client.id] then
      return client
    end
  end
  -- That list has only those that have answered.
  local client = started and not expected[started] and vim.lsp.get_client_by_id(started)
  return client and not M.call(client, 'is_stopped') and client or nil
end

---@param buf integer
function M.attach(buf)
  local client = M.get()
  if client and require('pi.server.connection').is_file(buf) and not vim.lsp.buf_is_attached(buf, client.id) then
    vim.lsp.buf_attach_client(buf, client.id)
  end
end

local function follow_buffers()
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile', 'BufFilePost', 'BufWritePost' }, {
    group = vim.api.nvim_create_augroup('pi.attach', {}),
    callback = function(event)
      M.attach(event.buf)
    end,
  })
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    M.attach(buf)
  end
end

---@param buf? integer
---@return vim.lsp.Client?
---@return string? problem
function M.start(buf)
  local client = M.get()
  if client then
    return client
  end
  local server, missing = require('pi.server.program').find()
  if not server then
    return nil, missing
  end
  local native = vim.fn.has('nvim-0.11') == 1
  local config = native and vim.deepcopy(vim.lsp.config[M.name] or require('pi.server.connection').config()) or require('pi.server.connection').config()
  config.name = M.name
  local root = require('pi.server.connection').root_of(buf or 0)
  config.root_dir = root
  config.workspace_folders = { { uri = vim.uri_from_fname(root), name = root } }
  local ok, id = pcall(function()
    return native and vim.lsp.start(config, { attach = false, silent = true }) or vim.lsp.start_client(config)
  end)
  if not ok or not id then
    return nil, ('The server %s does not start%s'):format(server.command[1], ok and '.' or ': ' .. tostring(id))
  end
  started = id
  client = vim.lsp.get_client_by_id(id)
  if not client then
    return nil, ('The server %s ended at once; :Pi log may say why.'):format(server.command[1])
  end
  follow_buffers()
  vim.defer_fn(function()
    if vim.lsp.get_client_by_id(id) and not client.initialized then
      M.fail('The server has not answered; it was ended. :checkhealth pi looks for the reason.')
      M.end_client(client, true)
    end
  end, START_MS)
  return client
end

---@param client vim.lsp.Client
function M.initialized(client)
  -- Behind the buffers, which Neovim opens after this.
  vim.schedule(function()
    follow_buffers()
    require('pi.server.keys').hand_over(client, function()
      if M.get() ~= client then
        return
      end
      open[client.id] = true
      local all = waiting
      waiting = {}
      for _, done in ipairs(all) do
        done(client)
      end
    end)
  end)
end

--- Whoever waits for the server hears why it does not come.
---@param problem string
function M.fail(problem)
  local all, commands = waiting, pending
  waiting, pending, choosing = {}, {}, {}
  for _, done in ipairs(all) do
    done(nil, problem)
  end
  for _, done in pairs(commands) do
    done(problem)
  end
end

---@param code integer
---@param signal integer
---@param id integer
function M.ended(code, signal, id)
  local wanted = expected[id]
  expected[id], open[id] = nil, nil
  if not M.get() then
    require('pi.server.connection').forget_root()
  end
  local how = signal ~= 0 and ('signal %d'):format(signal) or ('exit code %d'):format(code)
  local problem = wanted and 'The server was ended.' or M.LOST .. (' (%s).'):format(how)
  M.fail(problem)
  require('pi.state').lost()
  if not wanted and vim.v.exiting == vim.NIL then
    note.brief(('the server has ended (%s), your text has not. :Pi restart'):format(how), vim.log.levels.ERROR)
  end
end

--- Calls back with the server as soon as it can be spoken to, starting it if need be.
---@param done fun(client?: vim.lsp.Client, problem?: string)
function M.ready(done)
  local client, problem = M.start(vim.api.nvim_get_current_buf())
  if not client then
    return done(nil, problem)
  end
  if open[client.id] and #waiting == 0 then
    return done(client)
  end
  table.insert(waiting, done)
end

--- 0.10 has functions where later versions have methods.
---@param client vim.lsp.Client
---@param name string
function M.call(client, name, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client[name](client, ...)
  end
  return client[name](...)
end

--- Sends a command to this server, whoever else waits for it. The callback comes exactly once.
---@param client vim.lsp.Client
---@param command pi.CommandName
---@param argument? table
---@param done fun(problem?: string, result?: table, next?: pi.NextStep[]) `next`: what can be done about the problem
---@param is_choosing? boolean
function M.send(client, command, argument, done, is_choosing)
  last_number = last_number + 1
  local number = last_number
  pending[number] = done
  choosing[number] = is_choosing or nil
  local params = { command = command, arguments = { next(argument or {}) and argument or vim.empty_dict() } }
  local sent = M.call(client, 'request', 'workspace/executeCommand', params, function(failure, result)
    local callback = pending[number]
    pending[number], choosing[number] = nil, nil
    if callback then
      local plain = require('pi.server.handlers').plain
      local data = failure and plain(failure.data)
      callback(failure and (failure.message or vim.inspect(failure)) or nil, plain(result), type(data) == 'table' and data.next or nil)
    end
  end)
  if not sent and pending[number] then
    pending[number] = nil
    done('The server is gone. :Pi restart starts it again.')
  end
end

--- Runs one of the server's commands. The callback comes exactly once.
---@param command pi.CommandName
---@param argument? table
---@param done? fun(problem?: string, result?: table, next?: pi.NextStep[])
function M.execute(command, argument, done)
  done = done or function(problem)
    if problem then
      note.error(problem)
    end
  end
  M.ready(function(client, missing)
    if not client then
      return done(missing)
    end
    M.send(client, command, argument, done, CHOOSING[command])
  end)
end

--- Has the user just given a command that asks him something?
---@return boolean
function M.is_choosing()
  return next(choosing) ~= nil
end

---@param client vim.lsp.Client
---@param force boolean
function M.end_client(client, force)
  expected[client.id] = true
  require('pi.server.connection').forget_root()
  M.call(client, 'stop', force)
end

--- Ends the server and calls back when it is gone.
---@param done fun()
function M.stop(done)
  local client = M.get()
  if not client then
    return done()
  end
  M.end_client(client, not client.initialized)
  local timer = assert(vim.uv.new_timer())
  local tries = 0
  timer:start(20, 20, function()
    vim.schedule(function()
      if timer:is_closing() then
        return
      end
      tries = tries + 1
      if tries == 150 then
        -- Three seconds are enough for a goodbye.
        M.call(client, 'stop', true)
      end
      if not vim.lsp.get_client_by_id(client.id) or tries > 300 then
        timer:close()
        done()
      end
    end)
  end)
end

return M
