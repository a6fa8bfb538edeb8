-- What the server has told: the open edits, what runs, the status. Everything that shows something reads it here.
local M = {}

---@type table<string, pi.ToldEdit[]> by session; whole while they are open
local edits = {}
---@type table<string, true> sessions with a run
local running = {}
---@type table<string, pi.Queue> by session
local queues = {}
--- The latest run that can be undone, by session.
---@type table<string, string>
M.undoable = {}
---@type pi.Status|table the last status
M.status = {}
---@type string? where the current conversation is stored
M.session_file = nil
---@type table<string, true> edits whose decision is under way: what is told of them meanwhile is half done
M.deciding = {}
--- How many messages wait until Pi takes them up.
M.queued = 0
--- How many questions wait for an answer.
M.questions = 0

---@param what string the pattern of |User|
local function changed(what)
  vim.api.nvim_exec_autocmds('User', { pattern = what, modeline = false })
  vim.cmd.redrawstatus({ bang = true })
end

--- Waits for a decision: also of a run that was stopped.
---@param edit pi.ToldEdit
---@return boolean
function M.is_open(edit)
  return edit.status == 'open' or edit.status == 'stopped'
end

---@param session string
---@param list pi.Edit[]
---@return pi.Edit[] fresh open edits that were not there before
function M.set_edits(session, list)
  local known = {}
  for _, edit in ipairs(edits[session] or {}) do
    known[edit.id] = true
  end
  for _, edit in ipairs(list) do
    edit.hunks = edit.hunks or {}
  end
  edits[session] = list
  local fresh = vim.tbl_filter(function(edit)
    return edit.status == 'open' and not known[edit.id]
  end, list)
  changed('PiEdits')
  return fresh
end

--- Of an open edit only the hunks that still wait.
---@param edit pi.Edit
---@return pi.Hunk[]
function M.waiting(edit)
  return vim.tbl_filter(function(hunk)
    return hunk.fate == nil or hunk.fate == 'clashed'
  end, edit.hunks)
end

---@return pi.Edit[] all that wait for a decision, oldest first within a session
function M.open_edits()
  local sessions = vim.tbl_keys(edits)
  -- By their numbers: s10 is later than s9.
  table.sort(sessions, function(a, b)
    return #a < #b or #a == #b and a < b
  end)
  local open = {}
  for _, session in ipairs(sessions) do
    for _, edit in ipairs(edits[session]) do
      if M.is_open(edit) and #M.waiting(edit) > 0 then
        table.insert(open, edit)
      end
    end
  end
  return open
end

---@param id string
---@return pi.Edit? edit also one that is decided
function M.find(id)
  for _, list in pairs(edits) do
    for _, edit in ipairs(list) do
      if edit.id == id then
        return edit
      end
    end
  end
end

---@param session string
---@param tool_call string
---@return pi.ToldEdit? edit that this call has proposed
function M.edit_of_call(session, tool_call)
  for _, edit in ipairs(edits[session] or {}) do
    if edit.toolCallId == tool_call then
      return edit
    end
  end
end

---@param buf integer
---@return pi.Edit[]
function M.edits_of(buf)
  return vim.tbl_filter(function(edit)
    return vim.uri_to_bufnr(edit.uri) == buf
  end, M.open_edits())
end

--- Another conversation is the current one; the server's own status follows.
---@param session string
function M.set_current(session)
  M.status = vim.tbl_extend('force', M.status, { sessionId = session })
end

---@param session string
---@param on boolean
function M.set_running(session, on)
  running[session] = on or nil
  changed('PiRun')
end

---@param session string
---@return boolean
function M.is_running(session)
  return running[session] == true
end

--- Is Pi at work in the current conversation? Others may be at work beside it.
---@return boolean
function M.is_current_running()
  local session = M.status.sessionId
  if session then
    return M.is_running(session)
  end
  return next(running) ~= nil
end

---@return integer
function M.running_count()
  return vim.tbl_count(running)
end

---@param status table
function M.set_status(status)
  local before = M.status
  M.status = status
  if before.permissionMode and before.sessionId == status.sessionId and status.permissionMode ~= before.permissionMode then
    require('pi.chat').remark(('Permission mode: %s.'):format(status.permissionMode))
  end
  require('pi.chat').tell_availability()
  M.session_file = status.sessionFile or M.session_file
  changed('PiStatus')
end

---@param session string
---@param queue pi.Queue
function M.set_queue(session, queue)
  queues[session] = queue
  M.queued = #queue.steering + #queue.followUp
  changed('PiStatus')
end

---@param session string
---@return pi.Queue
function M.queue(session)
  return queues[session] or { steering = {}, followUp = {} }
end

---@param count integer
function M.set_questions(count)
  M.questions = count
  changed('PiQuestions')
end

--- The server is gone, and with it all that it held.
function M.lost()
  edits, running, queues, M.deciding, M.undoable = {}, {}, {}, {}, {}
  M.status, M.queued = {}, 0
  require('pi.questions').drop()
  require('pi.review.marks').refresh()
  require('pi.review').refresh()
  require('pi.review.standin').refresh()
  require('pi.review.proposal').lost()
  require('pi.chat').lost()
  require('pi.chat.extensions').lost()
  changed('PiEdits')
  changed('PiStatus')
end

return M
