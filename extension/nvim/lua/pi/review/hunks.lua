-- Where open hunks are: in the live buffer, and in the proposed text.
local text = require('pi.text')

local M = {}

---@class pi.Place
---@field edit pi.Edit
---@field hunk pi.Hunk
---@field row integer 0-based first row in the live buffer
---@field count integer how many of its rows go
---@field new_row? integer first row in the proposed text; none of a clash
---@field new_count integer

--- In the order of their lines.
---@param edit pi.Edit
---@return pi.Place[]
function M.places(edit)
  local hunks = require('pi.state').waiting(edit)
  table.sort(hunks, function(a, b)
    return a.range.start.line < b.range.start.line
  end)
  local delta = 0
  return vim.tbl_map(function(hunk)
    local row, count, new_count = hunk.range.start.line, text.count(hunk.oldText), text.count(hunk.newText)
    local clash = hunk.fate == 'clashed'
    local place = { edit = edit, hunk = hunk, row = row, count = count, new_count = new_count }
    if not clash then
      place.new_row = row + delta
      delta = delta + new_count - count
    end
    return place
  end, hunks)
end

---@param buf integer
---@return pi.Place[]
function M.of_buffer(buf)
  local places = {}
  for _, edit in ipairs(require('pi.state').edits_of(buf)) do
    vim.list_extend(places, M.places(edit))
  end
  return places
end

--- The rows a person would point at; an insertion is at the line before it and the line after it.
---@param row integer
---@param count integer
---@param first integer
---@param last integer
---@return boolean
local function touches(row, count, first, last)
  if count == 0 then
    return first <= row and last >= row - 1
  end
  return first <= row + count - 1 and last >= row
end

--- What the cursor is on: in a proposal the hunk of its text, elsewhere that of the buffer.
---@param first integer 0-based row
---@param last integer
---@return pi.Place[]
function M.at(first, last)
  local buf = vim.api.nvim_get_current_buf()
  local proposal = require('pi.review.proposal').of_buffer(buf)
  local places = proposal and M.places(proposal.edit) or M.of_buffer(buf)
  local exact, near = {}, {}
  for _, place in ipairs(places) do
    local row, count = place.row, place.count
    if proposal then
      row, count = place.new_row, place.new_count
    end
    if row and touches(row, count, first, last) then
      table.insert(count == 0 and near or exact, place)
    end
  end
  -- Between an insertion and a change on the same line the change is meant only if the cursor is on it.
  return #exact > 0 and exact or near
end

return M
