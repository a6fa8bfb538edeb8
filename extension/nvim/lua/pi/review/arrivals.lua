-- Tells of new proposals: one line for what comes within a moment, never a window.
local M = {}

---@type pi.Edit[]
local arrived = {}
local scheduled = false

---@param uri string
---@return string
local function shown(uri)
  return vim.fn.fnamemodify(vim.uri_to_fname(uri), ':~:.')
end

local function tell()
  scheduled = false
  local state = require('pi.state')
  local files, hunks = {}, 0
  for _, edit in ipairs(arrived) do
    local present = state.find(edit.id)
    -- Decided in this moment already, as in the modes that apply unasked.
    if present and state.is_open(present) then
      files[shown(edit.uri)] = true
      hunks = hunks + #state.waiting(present)
    end
  end
  arrived = {}
  local names = vim.tbl_keys(files)
  table.sort(names)
  if #names > 0 then
    require('pi.note').brief(('%s proposed in %s (:Pi review, :Pi next)'):format(require('pi.text').counted(hunks, 'change'), table.concat(names, ', ')))
  end
end

---@param edits pi.Edit[]
function M.add(edits)
  vim.list_extend(arrived, edits)
  if #arrived > 0 and not scheduled then
    scheduled = true
    vim.defer_fn(tell, 100)
  end
end

return M
