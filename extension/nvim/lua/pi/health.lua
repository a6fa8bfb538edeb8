-- `:checkhealth pi`
local M = {}

local health = vim.health

---@param command string[]
---@return table? doctor's report
---@return string? problem
local function doctor(command)
  local settings = require('pi.config').get().settings or {}
  local line = vim.list_extend(vim.deepcopy(command), { 'doctor', '--json' })
  if settings.command then
    vim.list_extend(line, { '--command', settings.command })
  end
  if settings.nodePath then
    vim.list_extend(line, { '--node', settings.nodePath })
  end
  local ok, done = pcall(function()
    return vim.system(line, { text = true, timeout = 30000, env = settings.env }):wait()
  end)
  if not ok then
    return nil, tostring(done)
  end
  local parsed, report = pcall(vim.json.decode, done.stdout, { luanil = { object = true, array = true } })
  if not parsed then
    return nil, vim.trim((done.stderr or '') .. (done.stdout or ''))
  end
  return report
end

---@param report table
local function tell(report)
  for _, name in ipairs({ 'pi', 'node', 'gate', 'config', 'models' }) do
    local finding = report[name]
    if finding then
      health[finding.ok and 'ok' or 'error'](('%s: %s'):format(name, finding.detail))
    end
  end
  for _, one in ipairs(report.providers or {}) do
    health.info(('provider %s: %s'):format(one.provider, require('pi.text').counted(one.models, 'model')))
  end
  for _, notice in ipairs(report.notices or {}) do
    health.warn(notice)
  end
  if report.ready then
    return health.ok('a prompt can be sent')
  end
  local found = report.availability or {}
  local advice = require('pi.server.availability').advice(require('pi.server.availability').remedy(found), found.tried)
  if #require('pi.server.keys').providers() > 0 then
    table.insert(advice, 'Keys of your own are not known here: they are handed over when the server starts. See "Connection" above, or :Pi check.')
  end
  health.error('no prompt can be sent', advice)
end

local function check_neovim()
  health.start('Neovim')
  if vim.fn.has('nvim-0.10') == 1 then
    health.ok(tostring(vim.version()))
  else
    health.error('Neovim 0.10 or newer is needed')
  end
end

local function check_options()
  health.start('Options')
  local problems = require('pi.config').problems(require('pi.config').given())
  if #problems == 0 then
    health.ok('all known')
  end
  for _, problem in ipairs(problems) do
    health.error(problem)
  end
  local providers = require('pi.server.keys').providers()
  if #providers > 0 then
    health.info('keys of your own for: ' .. table.concat(providers, ', '))
  end
end

---@return pi.Server?
local function check_server()
  health.start('Server')
  local server, problem = require('pi.server.program').find()
  if not server then
    health.error(problem --[[@as string]])
    return nil
  end
  health.ok(('%s (%s)'):format(table.concat(server.command, ' '), server.from))
  local ok, done = pcall(function()
    return vim.system(vim.list_extend(vim.deepcopy(server.command), { '--version' }), { text = true, timeout = 10000 }):wait()
  end)
  if not ok or done.code ~= 0 then
    health.error('it does not run: ' .. (ok and vim.trim(done.stderr) or tostring(done)))
    return nil
  end
  local version = done.stdout:match('%d+%.%d+%.%d+%S*')
  local mismatch = require('pi.server.program').mismatch(version)
  if mismatch then
    health.warn(mismatch)
  else
    health.ok('version ' .. (version or vim.trim(done.stdout)))
  end
  health.info('log: ' .. require('pi.server.program').log_file())
  return server
end

local function check_connection()
  health.start('Connection')
  local client = require('pi.server.client').get()
  if not client then
    return health.info('not started; the first :Pi starts it')
  end
  local count = vim.tbl_count(client.attached_buffers)
  health.ok(('running in %s, with %s'):format(client.root_dir or '?', require('pi.text').counted(count, 'buffer')))
  local status = require('pi.state').status
  local availability = require('pi.server.availability')
  local problem, remedy, tried = availability.problem()
  if problem or status.state == 'failed' then
    health.error(problem or status.problem or 'Pi has failed', availability.advice(remedy, tried))
  elseif status.state then
    health.ok(('%s, model %s'):format(status.state, status.model or 'not known yet'))
  end
end

function M.check()
  check_neovim()
  check_options()
  local server = check_server()
  check_connection()
  if server then
    health.start('Pi')
    local report, problem = doctor(server.command)
    if report then
      tell(report)
    else
      health.error('pilsp doctor does not run: ' .. (problem or ''))
    end
  end
end

return M
