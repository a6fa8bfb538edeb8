-- Runs and the server: stop, undo, compact, restart, status.
local note = require('pi.note')

local M = {}

local run = require('pi.server.commands').run

---@param file pi.RestoredFile
---@return string
local function named(file)
  return require('pi.review.proposal').path(file.uri) .. (file.reason and (' (%s)'):format(file.reason) or '')
end

---@param files pi.RestoredFile[]
---@param ... string statuses
---@return string[]
local function of_status(files, ...)
  local wanted = { ... }
  return vim.tbl_map(
    named,
    vim.tbl_filter(function(file)
      return vim.list_contains(wanted, file.status)
    end, files)
  )
end

---@param result pi.UndoneRun
local function tell_undone(result)
  local undoable = require('pi.state').undoable
  for _, session in ipairs(vim.tbl_keys(undoable)) do
    undoable[session] = undoable[session] ~= result.runId and undoable[session] or nil
  end
  local counted = require('pi.text').counted
  local restored = #of_status(result.files, 'restored', 'unchanged')
  local deleted = #of_status(result.files, 'deleted')
  local parts = {}
  if restored > 0 or deleted == 0 then
    table.insert(parts, counted(restored, 'file') .. ' restored')
  end
  if deleted > 0 then
    table.insert(parts, ('%s that the run had created %s deleted'):format(counted(deleted, 'file'), deleted == 1 and 'was' or 'were'))
  end
  local problems = of_status(result.files, 'failed', 'partial')
  local said = ('undone: %s.'):format(table.concat(parts, ', '))
  if #problems > 0 then
    said = ('undone in part: %s; not all of %s'):format(table.concat(parts, ', '), table.concat(problems, ', '))
  end
  note[#problems > 0 and 'warn' or 'info'](said)
  require('pi.chat').remark('The run was ' .. said)
end

--- `:Pi undo`: the latest run that changed something; with a bang one of all runs.
---@param choose boolean
function M.undo(choose)
  local function undo(id)
    local function go()
      run('pi.undoRun', { runId = id }, tell_undone)
    end
    -- Only a server that says what can be undone can also say what would become of it.
    if not id or not vim.list_contains(vim.tbl_values(require('pi.state').undoable), id) then
      return go()
    end
    run('pi.undoRun', { runId = id, dryRun = true }, function(plan)
      local lost = of_status(plan.files, 'failed')
      if #lost == 0 then
        return go()
      end
      require('pi.questions.pick').choose('What cannot be restored: ' .. table.concat(lost, ', '), { 'Undo the rest', 'Leave all as it is' }, function(one)
        return one
      end, function(one)
        if one == 'Undo the rest' then
          go()
        end
      end)
    end)
  end
  if not choose then
    local state = require('pi.state')
    return undo(state.undoable[state.status.sessionId or ''])
  end
  run('pi.listRuns', nil, function(result)
    local runs = vim.tbl_filter(function(one)
      return not one.undone and #one.files > 0
    end, result.runs)
    if #runs == 0 then
      return note.info('no run has changed anything that could be undone.')
    end
    require('pi.questions.pick').choose('Undo which run?', runs, function(one)
      return ('%s (%s)'):format(one.title, require('pi.text').counted(#one.files, 'file'))
    end, function(one)
      undo(one.runId)
    end)
  end)
end

--- `:Pi stop`
function M.stop()
  if not require('pi.server.client').get() then
    return note.info('Pi is not at work.')
  end
  run('pi.abort', nil, function(result)
    if not result.aborted then
      note.info('Pi is not at work.')
    end
    require('pi.chat.events').restored(result.restored or {})
  end)
end

--- `:Pi compact [words]`: a summary takes the place of what was said so far.
---@param instructions string
---@param done? fun()
function M.compact(instructions, done)
  run('pi.compact', { instructions = instructions ~= '' and instructions or nil }, function(result)
    note.info(('the context was compacted%s.'):format(result.tokensBefore and ', from ' .. require('pi.text').counted(result.tokensBefore, 'token') or ''))
    if done then
      done()
    end
  end)
end

---@param client? vim.lsp.Client
---@return string? folder that Pi works in
local function folder_of(client)
  local folders = client and client.workspace_folders
  return folders and folders[1] and folders[1].name or nil
end

--- `:Pi restart`: a fresh server, with the session that there was, where it still works in the same folder: a
--- session belongs to its own.
function M.restart()
  local client = require('pi.server.client')
  local state = require('pi.state')
  -- The status that names the file may still be on its way.
  local status = not state.session_file and client.get() and client.get().initialized and require('pi.server.commands').await('pi.status')
  local path = state.session_file or status and status.sessionFile or nil
  local before = folder_of(client.get())
  client.stop(function()
    client.ready(function(_, problem)
      if problem then
        return note.error(problem)
      end
      local now = folder_of(client.get())
      if before and now and before ~= now then
        return note.info(('restarted in %s, with a new session; the one before belongs to %s.'):format(now, before))
      elseif path and vim.fn.filereadable(path) == 1 then
        return require('pi.session.sessions').resume(path)
      end
      note.info('restarted.')
    end)
  end)
end

--- `:Pi status`
function M.status()
  if not require('pi.server.client').get() then
    return note.info('not started; the first :Pi ask starts it.')
  end
  run('pi.status', nil, function(status)
    require('pi.state').set_status(status)
    local parts = { status.state .. (status.problem and ': ' .. status.problem or '') }
    local problem, remedy = require('pi.server.availability').problem()
    if problem and problem ~= status.problem then
      table.insert(parts, problem)
    end
    if remedy then
      table.insert(parts, remedy)
    end
    local function add(format, value)
      if value then
        table.insert(parts, format:format(value))
      end
    end
    add('model %s', status.model)
    add('thinking %s', status.thinking)
    add('mode %s', status.permissionMode)
    if status.restricted then
      table.insert(parts, 'Restricted Mode: the setting `workspaceTrusted` is false, so the mode is `ask` at most and nothing of the folder is run')
    end
    add('folder %s', require('pi.statusline').folder())
    add('context %.0f %%', vim.tbl_get(status, 'context', 'percent'))
    add('$%.4f', status.cost)
    if (status.openEdits or 0) > 0 then
      table.insert(parts, require('pi.text').counted(status.openEdits, 'edit') .. ' to decide')
    end
    add('server %s', status.version)
    note.info(table.concat(parts, ' · '))
  end)
end

return M
