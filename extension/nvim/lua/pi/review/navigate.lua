-- `:Pi next` and `:Pi prev`: from hunk to hunk, through all files that have one, in the order of `hunks.all`. And what
-- follows a decision: the next one comes to view.
local M = {}

local hunks = require('pi.review.hunks')

---@param place pi.Place
---@param in_proposal boolean
---@return integer? row 0-based
local function row_of(place, in_proposal)
  local row, count = place.row, place.count
  if in_proposal then
    row, count = place.new_row, place.new_count
  end
  return row and (count == 0 and math.max(row - 1, 0) or row)
end

--- Where it stands in the order, as after a search: in the command line, and in no history.
---@param place pi.Place
local function tell(place)
  local number = hunks.number(place)
  if number then
    vim.api.nvim_echo({ { ('Pi: change %s'):format(number) } }, false, {})
  end
end

---@param row integer
local function move(row)
  vim.cmd("normal! m'")
  vim.api.nvim_win_set_cursor(0, { math.min(row + 1, vim.api.nvim_buf_line_count(0)), 0 })
  vim.cmd('normal! zv')
end

--- Shows it: in the review that is before the user, else in its file.
---@param place pi.Place
function M.to(place)
  local buf = vim.api.nvim_get_current_buf()
  local proposal = require('pi.review.proposal').of_buffer(buf)
  local here = proposal and proposal.edit.id == place.edit.id
    or not proposal and vim.iter(hunks.edits_of(buf)):any(function(edit)
      return edit.id == place.edit.id
    end)
  if not here and require('pi.review').is_before() then
    if not require('pi.review').go_to(place.edit) then
      return
    end
    proposal = nil
  elseif not here and require('pi.review.standin').is_needed(place.edit) then
    require('pi.edit.buffer').show(require('pi.review.standin').for_edit(place.edit))
    require('pi.review.marks').refresh()
  elseif not here then
    local problem = require('pi.edit.buffer').load(place.edit.uri)
    if problem then
      return require('pi.note').error(problem)
    end
    require('pi.edit.buffer').show(vim.uri_to_bufnr(place.edit.uri))
  end
  local row = row_of(place, proposal ~= nil)
  if row then
    move(row)
  end
  tell(place)
end

---@param step 1|-1
function M.go(step)
  local buf = vim.api.nvim_get_current_buf()
  local proposal = require('pi.review.proposal').of_buffer(buf)
  local places = proposal and hunks.places(require('pi.review.proposal').edit_of(proposal)) or hunks.of_buffer(buf)
  local cursor = vim.api.nvim_win_get_cursor(0)[1] - 1
  local nearest, nearest_row
  for _, place in ipairs(places) do
    local row = row_of(place, proposal ~= nil)
    if row and step * row > step * cursor and (not nearest_row or step * row < step * nearest_row) then
      nearest, nearest_row = place, row
    end
  end
  if nearest then
    move(nearest_row)
    return tell(nearest)
  end
  local all = hunks.all()
  if #all == 0 then
    return require('pi.note').info('nothing waits for a decision.')
  end
  -- Behind, or before, all of this file's; round at the ends.
  local here = {}
  for _, place in ipairs(places) do
    here[hunks.key(place)] = true
  end
  local edge
  for index, place in ipairs(all) do
    if here[hunks.key(place)] and (step == 1 or not edge) then
      edge = index
    end
  end
  local index = edge and (edge + step - 1) % #all + 1 or (step == 1 and 1 or #all)
  M.to(all[index])
end

---@class pi.Decided
---@field keys table<string, true> what was decided about
---@field rest string[] what comes next, in this order
---@field win integer where the user was
---@field buf integer

---@type pi.Decided?
local decided

--- The user decides about these; what is next is known only now, while they have their place among the others.
---@param places pi.Place[]
function M.deciding(places)
  local keys, rest, passed = {}, {}, {}
  for _, place in ipairs(places) do
    keys[hunks.key(place)] = true
  end
  local behind = false
  for _, place in ipairs(hunks.all()) do
    local key = hunks.key(place)
    behind = behind or keys[key] ~= nil
    if not keys[key] then
      table.insert(behind and rest or passed, key)
    end
  end
  decided = { keys = keys, rest = vim.list_extend(rest, passed), win = vim.api.nvim_get_current_win(), buf = vim.api.nvim_get_current_buf() }
end

--- It was not carried out: the user stays where he is.
function M.stay()
  decided = nil
end

--- The next one in the order, of those that wait.
---@param last pi.Decided?
---@return pi.Place?
local function following(last)
  local by_key = {}
  local all = hunks.all()
  for _, place in ipairs(all) do
    by_key[hunks.key(place)] = place
  end
  for _, key in ipairs(last and last.rest or {}) do
    if by_key[key] then
      return by_key[key]
    end
  end
  return all[1]
end

--- The edit that comes after the one that was decided.
---@return pi.Edit?
function M.following_edit()
  local place = following(decided)
  return place and place.edit or nil
end

--- Brings the next one to view, once the server tells that what was decided waits no more; not while the user types, or
--- where he has gone elsewhere.
function M.proceed()
  local last = decided
  if not last then
    return
  end
  for _, place in ipairs(hunks.all()) do
    if last.keys[hunks.key(place)] then
      return
    end
  end
  local in_review = require('pi.review').is_before()
  local there = vim.api.nvim_get_current_win() == last.win and vim.api.nvim_get_current_buf() == last.buf
  if not there or vim.api.nvim_get_mode().mode ~= 'n' then
    decided = nil
    return
  end
  local place = following(last)
  -- A review goes on by itself, to the same edit as this would.
  if place and in_review and not require('pi.review').is_about(place.edit.id) then
    return
  end
  decided = nil
  if place then
    M.to(place)
  end
end

--- `:Pi changes`: all that waits, as a |quickfix| list.
function M.list()
  local all = hunks.all()
  if #all == 0 then
    return require('pi.note').info('nothing waits for a decision.')
  end
  local items = vim.tbl_map(function(place)
    local number = hunks.number(place)
    local new = require('pi.review.standin').is_needed(place.edit)
    return {
      bufnr = new and require('pi.review.standin').for_edit(place.edit) or vim.uri_to_bufnr(place.edit.uri),
      lnum = row_of(place, false) + 1,
      text = (number and number .. ': ' or '') .. require('pi.review.marks').title(place),
    }
  end, all)
  vim.fn.setqflist({}, ' ', { title = 'Pi: changes that wait', items = items })
  require('pi.review.marks').refresh()
  vim.cmd('botright copen')
end

return M
