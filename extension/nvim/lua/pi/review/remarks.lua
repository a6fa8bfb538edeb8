-- Remarks on lines of a proposal: they wait until the edit is decided and go to the model with the decision.
local M = {}

local ns = vim.api.nvim_create_namespace('pi.remarks')

---@class pi.Remark
---@field hunk? string the hunk whose text it is about; without one it counts from the top
---@field first integer 0-based, from the hunk's first line in the proposed text
---@field last integer
---@field text string

---@type table<string, pi.Remark[]> by the edit's id
local remarks = {}

--- Its lines in the proposed text as it is now.
---@param edit pi.Edit
---@param remark pi.Remark
---@return integer? first
---@return integer? last
local function lines_of(edit, remark)
  if not remark.hunk then
    return remark.first, remark.last
  end
  for _, place in ipairs(require('pi.review.hunks').places(edit)) do
    if place.hunk.id == remark.hunk and place.new_row then
      return place.new_row + remark.first, place.new_row + remark.last
    end
  end
end

--- The remarks on an edit, to be sent. Those whose hunk is decided already are about nothing any more.
---@param edit pi.Edit
---@return { range: lsp.Range, text: string }[]
function M.of(edit)
  local sent = {}
  for _, remark in ipairs(remarks[edit.id] or {}) do
    local first, last = lines_of(edit, remark)
    if first and last then
      local range = { start = { line = first, character = 0 }, ['end'] = { line = last, character = 0 } }
      table.insert(sent, { range = range, text = remark.text })
    end
  end
  return sent
end

--- They have been sent.
---@param id string the edit's
function M.forget(id)
  remarks[id] = nil
end

---@param first integer 0-based
---@param last integer
---@return pi.Remark?
---@return string? id of the edit, or what is wrong
local function place_of(first, last)
  local proposal = require('pi.review.proposal').of_buffer(vim.api.nvim_get_current_buf())
  local place = require('pi.review.hunks').at(first, last)[1]
  if not proposal then
    if not place or not place.new_row then
      return nil, 'a remark is about lines of a proposal: go to one (:Pi next), or open the review.'
    end
    return { hunk = place.hunk.id, first = 0, last = math.max(place.new_count - 1, 0) }, place.edit.id
  end
  if require('pi.review.proposal').is_own(proposal) then
    local present = vim.api.nvim_buf_get_lines(proposal.buf, 0, -1, false)
    first = require('pi.text').moved(present, proposal.shown, first)
    last = math.max(first, require('pi.text').moved(present, proposal.shown, last))
    return { first = first, last = last }, proposal.edit.id
  elseif place and place.new_row and first >= place.new_row and last < place.new_row + place.new_count then
    return { hunk = place.hunk.id, first = first - place.new_row, last = last - place.new_row }, place.edit.id
  end
  return { first = first, last = last }, proposal.edit.id
end

---@param words string
---@param range? { [1]: integer, [2]: integer } 1-based lines
---@return boolean
function M.add(words, range)
  local row = vim.api.nvim_win_get_cursor(0)[1]
  local first, last = unpack(range or { row, row })
  local remark, id = place_of(first - 1, last - 1)
  if not remark then
    require('pi.note').error(id --[[@as string]])
    return false
  end
  remark.text = words
  remarks[id] = remarks[id] or {}
  table.insert(remarks[id], remark)
  M.refresh()
  require('pi.note').info('the remark is sent to Pi with your decision.')
  return true
end

--- Shows them below their lines, in the proposed text and, for a hunk, in the buffer.
function M.refresh()
  local state = require('pi.state')
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buf) then
      vim.api.nvim_buf_clear_namespace(buf, ns, 0, -1)
    end
  end
  for id, list in pairs(remarks) do
    local edit = state.find(id)
    local proposal = require('pi.review.proposal').get(id)
    if not edit or not state.is_open(edit) then
      remarks[id] = nil
    else
      for _, remark in ipairs(list) do
        M.show(edit, proposal, remark)
      end
    end
  end
end

---@param edit pi.Edit
---@param proposal? pi.Proposal
---@param remark pi.Remark
function M.show(edit, proposal, remark)
  local _, last = lines_of(edit, remark)
  local function draw(buf, row)
    row = math.max(0, math.min(row, vim.api.nvim_buf_line_count(buf) - 1))
    vim.api.nvim_buf_set_extmark(buf, ns, row, 0, { virt_text = { { '▸ ' .. remark.text, 'PiRemark' } }, virt_text_pos = 'eol' })
  end
  if proposal and last and vim.api.nvim_buf_is_valid(proposal.buf) then
    draw(proposal.buf, last)
  end
  local live = vim.uri_to_bufnr(edit.uri)
  if remark.hunk and vim.api.nvim_buf_is_loaded(live) then
    for _, place in ipairs(require('pi.review.hunks').places(edit)) do
      if place.hunk.id == remark.hunk then
        draw(live, place.count == 0 and place.row - 1 or place.row)
      end
    end
  end
end

return M
