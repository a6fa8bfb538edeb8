-- Conversations, models, levels and modes: what is chosen from a list.
local note = require('pi.note')

local M = {}

---@param command string
---@param argument? table
---@param done fun(result: table)
local function run(command, argument, done)
  require('pi.client').execute(command, argument, function(problem, result)
    if problem then
      return note.error(problem)
    end
    done(result or {})
  end)
end

---@type table? the last answer of pi.listModels, for the completion
M.models = nil

--- `:Pi model [provider/id]`
---@param name string
function M.model(name)
  local argument = {}
  if name ~= '' then
    local provider, model = name:match('^([^/]+)/(.+)$')
    if not provider then
      return note.error(('"%s" is no model; give it as provider/id, or choose one with :Pi model.'):format(name))
    end
    argument = { provider = provider, model = model }
  end
  run('pi.pickModel', argument, function(result)
    if result.model then
      note.info(('model %s, thinking %s'):format(M.full_name(result.provider, result.model), result.thinking))
    end
  end)
end

---@param provider? string
---@param model string
---@return string
function M.full_name(provider, model)
  if not provider or vim.startswith(model, provider .. '/') then
    return model
  end
  return provider .. '/' .. model
end

---@return string[] full names, asked for once and awaited at most two seconds
function M.model_names()
  local client = require('pi.client').get()
  if not M.models and client then
    local answered = false
    require('pi.client').execute('pi.listModels', nil, function(_, result)
      M.models, answered = result, true
    end)
    vim.wait(2000, function()
      return answered
    end, 20)
  end
  local names = {}
  for _, group in ipairs(M.models and M.models.groups or {}) do
    for _, model in ipairs(group.models) do
      table.insert(names, group.provider .. '/' .. model.id)
    end
  end
  return names
end

M.levels = { 'off', 'minimal', 'low', 'medium', 'high', 'xhigh' }

--- `:Pi thinking [level]`
---@param level string
function M.thinking(level)
  if level == '' then
    return require('pi.pick').choose('Thinking level', M.levels, tostring, M.thinking)
  end
  run('pi.setThinking', { level = level }, function(result)
    M.levels = result.levels or M.levels
    note.info('thinking ' .. result.thinking)
  end)
end

M.modes = {
  { name = 'readOnly', what = 'no edits, no commands' },
  { name = 'ask', what = 'edits and commands are asked for' },
  { name = 'acceptEdits', what = 'edits are applied, commands are asked for' },
  { name = 'full', what = 'edits are applied, commands run' },
}

--- `:Pi mode [mode]`
---@param mode string
function M.mode(mode)
  if mode == '' then
    return require('pi.pick').choose('Permission mode', M.modes, function(one)
      return ('%s: %s'):format(one.name, one.what)
    end, function(one)
      M.mode(one.name)
    end)
  end
  run('pi.setPermissionMode', { mode = mode }, function(result)
    note.info('mode ' .. result.mode)
  end)
end

--- `:Pi new`
function M.new()
  run('pi.newSession', nil, function(result)
    require('pi.chat').switch(result.sessionId)
    note.info('a new conversation.')
  end)
end

--- `:Pi resume`: one of the stored conversations of this folder.
function M.resume()
  run('pi.listSessions', nil, function(result)
    if #(result.sessions or {}) == 0 then
      return note.info('there is no stored conversation here.')
    end
    require('pi.pick').choose('Go on with', result.sessions, function(session)
      local title = session.title or session.firstWords or vim.fn.fnamemodify(session.path, ':t')
      return ('%s%s  %s'):format(session.current and '* ' or '', (title:gsub('%s+', ' ')), session.modified:sub(1, 16):gsub('T', ' '))
    end, function(session)
      M.go_on(session.path)
    end)
  end)
end

---@param path string
function M.go_on(path)
  run('pi.resumeSession', { path = path }, function(session)
    require('pi.chat').switch(session.sessionId)
    note.info('goes on with ' .. (session.name or 'the conversation') .. '.')
  end)
end

--- `:Pi undo`: the latest run that changed something; with a bang one of all runs.
---@param choose boolean
function M.undo(choose)
  local function undo(id)
    run('pi.undoRun', { runId = id }, function(result)
      local problems = {}
      for _, file in ipairs(result.files) do
        if file.status == 'failed' or file.status == 'partial' then
          table.insert(problems, ('%s: %s%s'):format(require('pi.proposal').path(file.uri), file.status, file.reason and ' (' .. file.reason .. ')' or ''))
        end
      end
      if #problems > 0 then
        return note.warn('not all was taken back: ' .. table.concat(problems, '; '))
      end
      note.info(('%d file%s taken back.'):format(#result.files, #result.files == 1 and '' or 's'))
    end)
  end
  if not choose then
    return undo(nil)
  end
  run('pi.listRuns', nil, function(result)
    local runs = vim.tbl_filter(function(one)
      return not one.undone and #one.files > 0
    end, result.runs)
    if #runs == 0 then
      return note.info('no run has changed anything that could be taken back.')
    end
    require('pi.pick').choose('Take back', runs, function(one)
      return ('%s (%d file%s)'):format(one.title, #one.files, #one.files == 1 and '' or 's')
    end, function(one)
      undo(one.runId)
    end)
  end)
end

--- `:Pi stop`
function M.stop()
  if not require('pi.client').get() then
    return note.info('Pi is not at work.')
  end
  run('pi.abort', nil, function(result)
    if not result.aborted then
      note.info('Pi is not at work.')
    end
  end)
end

--- `:Pi restart`: a fresh server, with the conversation that there was.
function M.restart()
  local client = require('pi.client')
  local path = require('pi.state').session_file
  client.stop(function()
    client.ready(function(_, problem)
      if problem then
        return note.error(problem)
      elseif path and vim.fn.filereadable(path) == 1 then
        return M.go_on(path)
      end
      note.info('started again.')
    end)
  end)
end

--- `:Pi status`
function M.status()
  if not require('pi.client').get() then
    return note.info('not started; the first :Pi ask starts it.')
  end
  run('pi.status', nil, function(status)
    require('pi.state').set_status(status)
    local parts = { status.state .. (status.problem and ': ' .. status.problem or '') }
    local function add(format, value)
      if value then
        table.insert(parts, format:format(value))
      end
    end
    add('model %s', status.model)
    add('thinking %s', status.thinking)
    add('mode %s', status.permissionMode)
    add('context %.0f %%', vim.tbl_get(status, 'context', 'percent'))
    add('$%.4f', status.cost)
    add('%d open edits', status.openEdits)
    add('server %s', status.version)
    note.info(table.concat(parts, ' · '))
  end)
end

return M
