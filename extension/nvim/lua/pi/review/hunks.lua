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

--- The open edits that a buffer is about: those of its file, or the one for whose new file it stands in a review.
---@param buf integer
---@return pi.Edit[]
function M.edits_of(buf)
  local id = require('pi.review.standin').of(buf)
  local edit = id and require('pi.state').find(id)
  if edit then
    return require('pi.state').is_open(edit) and { edit } or {}
  end
  return require('pi.state').edits_of(buf)
end

---@param buf integer
---@return pi.Place[]
function M.of_buffer(buf)
  local places = {}
  for _, edit in ipairs(M.edits_of(buf)) do
    vim.list_extend(places, M.places(edit))
  end
  return places
end

---@param place pi.Place
---@return string
function M.key(place)
  return place.edit.id .. ' ' .. place.hunk.id
end

--- All that waits, in the one order in which it is listed, gone through and counted: files as they were proposed, in each
--- by its lines.
---@return pi.Place[]
function M.all()
  local files, by_file = {}, {}
  for _, edit in ipairs(require('pi.state').open_edits()) do
    if not by_file[edit.uri] then
      by_file[edit.uri] = {}
      table.insert(files, edit.uri)
    end
    vim.list_extend(by_file[edit.uri], M.places(edit))
  end
  local all = {}
  for _, uri in ipairs(files) do
    local given = {}
    for index, place in ipairs(by_file[uri]) do
      given[place] = index
    end
    table.sort(by_file[uri], function(a, b)
      return a.row < b.row or a.row == b.row and given[a] < given[b]
    end)
    vim.list_extend(all, by_file[uri])
  end
  return all
end

--- Keys in their order, those that are decided among them, as long as anything waits: "3 of 14" stays what it was.
---@type string[]
local counted = {}

--- Has somebody decided about it, or does it still wait?
---@param key string
---@return boolean
local function counts(key)
  local edit = require('pi.state').find(key:match('^(.-) '))
  return edit ~= nil and edit.status ~= 'withdrawn' and edit.status ~= 'failed'
end

--- The number of each that waits.
---@return table<string, integer> by key
---@return integer total with those decided since nothing waited
function M.numbers()
  local all = M.all()
  counted = #all == 0 and {} or vim.tbl_filter(counts, counted)
  local function indexed()
    local numbers = {}
    for index, key in ipairs(counted) do
      numbers[key] = index
    end
    return numbers
  end
  local numbers = indexed()
  local before = 0
  for _, place in ipairs(all) do
    local key = M.key(place)
    -- A new one stands behind that which it follows.
    if not numbers[key] then
      table.insert(counted, before + 1, key)
      numbers = indexed()
    end
    before = numbers[key]
  end
  return numbers, #counted
end

--- "3 of 14"; nothing where there is but one.
---@param place pi.Place
---@return string?
function M.number(place)
  local numbers, total = M.numbers()
  local number = numbers[M.key(place)]
  return number and total > 1 and ('%d of %d'):format(number, total) or nil
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
