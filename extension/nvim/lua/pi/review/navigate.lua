-- `:Pi next` and `:Pi prev`: from hunk to hunk, through all files that have one.
local M = {}

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

---@param row integer
local function go(row)
  vim.cmd("normal! m'")
  vim.api.nvim_win_set_cursor(0, { math.min(row + 1, vim.api.nvim_buf_line_count(0)), 0 })
  vim.cmd('normal! zv')
end

---@param step 1|-1
function M.go(step)
  local state = require('pi.state')
  local buf = vim.api.nvim_get_current_buf()
  local proposal = require('pi.review.proposal').of_buffer(buf)
  local hunks = require('pi.review.hunks')
  local places = proposal and hunks.places(require('pi.review.proposal').edit_of(proposal)) or hunks.of_buffer(buf)
  local rows = {}
  for _, place in ipairs(places) do
    table.insert(rows, row_of(place, proposal ~= nil))
  end
  table.sort(rows, function(a, b)
    return step * a < step * b
  end)
  local cursor = vim.api.nvim_win_get_cursor(0)[1] - 1
  for _, row in ipairs(rows) do
    if step * row > step * cursor then
      return go(row)
    end
  end
  -- Within a review, and where there is no other file, it goes round.
  local edits = state.open_edits()
  local files = {}
  for _, edit in ipairs(edits) do
    local other = vim.uri_to_bufnr(edit.uri)
    if not vim.list_contains(files, other) then
      table.insert(files, other)
    end
  end
  if #files == 0 then
    return require('pi.note').info('nothing waits for a decision.')
  end
  local here = 0
  for index, other in ipairs(files) do
    here = other == buf and index or here
  end
  local target = files[(here == 0 and (step == 1 and 1 or #files)) or (here + step - 1) % #files + 1]
  if (proposal or target == buf or require('pi.review').shows(buf)) and #rows > 0 then
    return go(rows[1])
  end
  local problem = require('pi.edit.buffer').load(vim.uri_from_bufnr(target))
  if problem then
    return require('pi.note').error(problem)
  end
  require('pi.edit.buffer').show(target)
  local there = vim.tbl_map(function(place)
    return row_of(place, false)
  end, hunks.of_buffer(target))
  table.sort(there)
  local row = there[step == 1 and 1 or #there]
  if row then
    go(row)
  end
end

return M
