-- Opens files without showing them, and without a question of Neovim's that nobody is there to answer.
local M = {}

--- A file whose swap file says that another Neovim has it open is left to that one.
---@param uri string
---@return string? problem
function M.load(uri)
  local buf = vim.uri_to_bufnr(uri)
  if vim.api.nvim_buf_is_loaded(buf) then
    return
  end
  local ok, problem = pcall(vim.fn.bufload, buf)
  if ok then
    return
  end
  -- It is loaded all the same, and would take the next attempt.
  pcall(vim.api.nvim_buf_delete, buf, { force = true, unload = true })
  return tostring(problem):find('E325', 1, true) and 'another Neovim has this file open (there is a swap file)' or tostring(problem)
end

return M
