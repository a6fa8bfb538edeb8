-- Runs and the server: stop, undo, compact, restart, status.
local note = require('pi.note')

local M = {}

local run = require('pi.server.commands').run

--- `:Pi undo`: the latest run that changed something; with a bang one of all runs.
---@param choose boolean
function M.undo(choose)
  local function undo(id)
    run('pi.undoRun', { runId = id }, function(result)
      local problems = {}
      for _, file in ipairs(result.files) do
        if file.status == 'failed' or file.status == 'partial' then
          table.insert(
            problems,
            ('%s: %s%s'):format(require('pi.review.proposal').path(file.uri), file.status, file.reason and ' (' .. file.reason .. ')' or '')
          )
        end
      end
      if #problems > 0 then
        return note.warn('not all was undone: ' .. table.concat(problems, '; '))
      end
      note.info(('undone: %s.'):format(require('pi.text').counted(#result.files, 'file')))
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
  local path = require('pi.state').session_file
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
