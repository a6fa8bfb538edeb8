-- Empty buffers that stand for files which are still to be created: where a proposal of one is shown and decided. The real
-- name is left free; a buffer of it would count as a text of the user's that the proposal was not made for.
local M = {}

---@type table<integer, string> id of the edit by buffer
local standing = {}

--- Is the file of this edit still to be created?
---@param edit pi.Edit
---@return boolean
function M.is_needed(edit)
  return not vim.api.nvim_buf_is_loaded(vim.uri_to_bufnr(edit.uri)) and vim.fn.filereadable(vim.uri_to_fname(edit.uri)) == 0
end

---@param edit pi.Edit
---@return integer buf
function M.open(edit)
  local buf = vim.api.nvim_create_buf(false, true)
  require('pi.edit.buffer').name(buf, 'pi://new/' .. require('pi.review.proposal').path(edit.uri))
  vim.bo[buf].bufhidden = 'wipe'
  vim.bo[buf].modifiable = false
  standing[buf] = edit.id
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = buf,
    callback = function()
      standing[buf] = nil
    end,
  })
  return buf
end

--- One that is there already, or another.
---@param edit pi.Edit
---@return integer buf
function M.for_edit(edit)
  return M.bufs(edit.id)[1] or M.open(edit)
end

---@param buf integer
---@return string? id of the edit for whose file it stands
function M.of(buf)
  return standing[buf]
end

---@param id string the edit's
---@return integer[] bufs
function M.bufs(id)
  return vim.tbl_filter(function(buf)
    return standing[buf] == id and vim.api.nvim_buf_is_valid(buf)
  end, vim.tbl_keys(standing))
end

--- A window that still shows one whose edit is decided gets the file, or what it showed before. A review has its own way.
function M.refresh()
  local state = require('pi.state')
  for _, buf in ipairs(vim.tbl_keys(standing)) do
    local id = standing[buf]
    local edit = state.find(id)
    if not (edit and state.is_open(edit)) and not state.deciding[id] and not require('pi.review').shows(buf) then
      local file = edit and vim.uri_to_bufnr(edit.uri)
      require('pi.edit.buffer').leave(buf, file and vim.api.nvim_buf_is_loaded(file) and file or nil)
      -- One of the list, which was never shown.
      pcall(vim.api.nvim_buf_delete, buf, { force = true })
    end
  end
end

return M
