-- Accepts and rejects, by hunk, by file, or everything. The one way is the server's: pi.applyEdit and pi.rejectEdit.
local note = require('pi.note')

local M = {}

--- Sends a decision about one edit; what became of it is said only where it is not what was asked for.
---@param command "pi.applyEdit"|"pi.rejectEdit"
---@param argument table with `editId`
---@param done? fun(result: { applied?: boolean, rejected?: boolean, reason?: string })
function M.send(command, argument, done)
  local state = require('pi.state')
  local id = argument.editId
  local edit = state.find(id)
  local remarks = edit and require('pi.review.remarks').of(edit) or {}
  if #remarks > 0 then
    argument.remarks = remarks
  end
  state.deciding[id] = true
  require('pi.server.client').execute(command, argument, function(problem, result)
    state.deciding[id] = nil
    result = result or {}
    if problem then
      require('pi.review.navigate').stay()
      note.error(problem)
    elseif result.applied == false or result.rejected == false then
      require('pi.review.navigate').stay()
      note.warn(('not %s: %s'):format(command == 'pi.applyEdit' and 'applied' or 'rejected', result.reason or 'the editor did not take it'))
    else
      require('pi.review.remarks').forget(id)
    end
    require('pi.review.marks').refresh()
    require('pi.review').decided(id)
    require('pi.review.navigate').proceed()
    require('pi.review.standin').refresh()
    if done then
      done(result)
    end
  end)
end

--- One after another, in their order: a staged edit may build on one before it.
---@param command "pi.applyEdit"|"pi.rejectEdit"
---@param edits pi.Edit[]
---@param reason? string
local function send_each(command, edits, reason)
  local function following(index)
    if edits[index] then
      M.send(command, { editId = edits[index].id, reason = reason }, function()
        following(index + 1)
      end)
    end
  end
  following(1)
end

---@param edits pi.Edit[]
---@param reason string
function M.reject_edits(edits, reason)
  send_each('pi.rejectEdit', edits, reason)
end

---@param command "pi.applyEdit"|"pi.rejectEdit"
---@param reason? string
local function send_all(command, reason)
  local edits = require('pi.state').open_edits()
  if #edits == 0 then
    return note.info('nothing waits for a decision.')
  end
  send_each(command, edits, reason)
end

---@param places pi.Place[]
---@return table<string, string[]> ids of hunks by edit
local function by_edit(places)
  local grouped = {}
  for _, place in ipairs(places) do
    grouped[place.edit.id] = grouped[place.edit.id] or {}
    table.insert(grouped[place.edit.id], place.hunk.id)
  end
  return grouped
end

---@return pi.Edit? edit of the current buffer
---@return string? problem
local function current_edit()
  local buf = vim.api.nvim_get_current_buf()
  local proposal = require('pi.review.proposal').of_buffer(buf)
  local state = require('pi.state')
  local edit = proposal and state.find(proposal.edit.id) or require('pi.review.hunks').edits_of(buf)[1]
  if not edit or not state.is_open(edit) then
    return nil, 'nothing waits for a decision in this file.'
  end
  return edit
end

---@param range? { [1]: integer, [2]: integer } 1-based lines; without it the cursor's
---@return pi.Place[]? places
---@return string? problem
local function chosen(range)
  local row = vim.api.nvim_win_get_cursor(0)[1]
  local first, last = unpack(range or { row, row })
  local proposal = require('pi.review.proposal').of_buffer(vim.api.nvim_get_current_buf())
  if proposal and require('pi.review.proposal').is_own(proposal) then
    return nil, 'you have edited this text: :w applies your version, :Pi! review puts the proposal back.'
  end
  local places = require('pi.review.hunks').at(first - 1, last - 1)
  if #places == 0 then
    local more = #require('pi.state').open_edits() > 0 and ' :Pi next goes to one; "file" and "all" take more than one.' or ' Nothing is open.'
    return nil, 'no change of Pi is here.' .. more
  end
  return places
end

---@param scope? "hunk"|"file"|"all"
---@param range? { [1]: integer, [2]: integer }
function M.apply(scope, range)
  if scope == 'all' then
    local path = require('pi.review.proposal').unwritten()
    if path then
      return note.error(('you have edited the proposal for %s: write it first.'):format(path))
    end
    return send_all('pi.applyEdit')
  elseif scope == 'file' then
    local edit, problem = current_edit()
    if not edit then
      return note.error(problem --[[@as string]])
    end
    local proposal = require('pi.review.proposal').get(edit.id)
    if proposal and require('pi.review.proposal').is_own(proposal) then
      return require('pi.review.proposal').write(proposal, false)
    end
    require('pi.review.navigate').deciding(require('pi.review.hunks').places(edit))
    return M.send('pi.applyEdit', { editId = edit.id })
  end
  local places, problem = chosen(range)
  if not places then
    return note.error(problem --[[@as string]])
  end
  local fitting = vim.tbl_filter(function(place)
    return place.hunk.fate ~= 'clashed'
  end, places)
  if #fitting == 0 then
    return note.error('you have changed these lines meanwhile, so the change does not fit. :Pi reject tells Pi.')
  end
  require('pi.review.navigate').deciding(fitting)
  for id, hunks in pairs(by_edit(fitting)) do
    M.send('pi.applyEdit', { editId = id, hunkIds = hunks, keepRest = true })
  end
end

---@param scope? "hunk"|"file"|"all"
---@param reason? string for the model
---@param range? { [1]: integer, [2]: integer }
function M.reject(scope, reason, range)
  reason = reason ~= '' and reason or nil
  if scope == 'all' then
    return send_all('pi.rejectEdit', reason)
  elseif scope == 'file' then
    local edit, problem = current_edit()
    if not edit then
      return note.error(problem --[[@as string]])
    end
    require('pi.review.navigate').deciding(require('pi.review.hunks').places(edit))
    return M.send('pi.rejectEdit', { editId = edit.id, reason = reason })
  end
  local places, problem = chosen(range)
  if not places then
    return note.error(problem --[[@as string]])
  end
  require('pi.review.navigate').deciding(places)
  for id, hunks in pairs(by_edit(places)) do
    M.send('pi.rejectEdit', { editId = id, hunkIds = hunks, reason = reason })
  end
end

return M
