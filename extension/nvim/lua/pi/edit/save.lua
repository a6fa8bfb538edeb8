-- `pi/save`: writes buffers before Pi runs something that looks at the disk. Never waits for a key.
local M = {}

--- Why the disk has another text than the buffer was read from; `:write` would ask about it.
---@param buf integer
---@return string? reason of |FileChangedShell|
local function changed_on_disk(buf)
  local reason
  local watch = vim.api.nvim_create_autocmd('FileChangedShell', {
    buffer = buf,
    callback = function()
      reason = vim.v.fcs_reason
      vim.v.fcs_choice = ''
    end,
  })
  pcall(vim.cmd.checktime, buf)
  vim.api.nvim_del_autocmd(watch)
  return reason
end

---@param uri string
---@return string? problem
local function save(uri)
  local buf = vim.uri_to_bufnr(uri)
  if not vim.api.nvim_buf_is_loaded(buf) then
    return
  end
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buf), ':~:.')
  local reason = changed_on_disk(buf)
  if reason and reason ~= 'time' and reason ~= 'deleted' then
    return ('%s was not saved: it was changed on the disk too'):format(name)
  end
  local ok, problem = pcall(vim.api.nvim_buf_call, buf, function()
    vim.fn.mkdir(vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buf), ':h'), 'p')
    vim.cmd(reason and 'silent write!' or 'silent write')
  end)
  if not ok then
    return ('%s was not saved: %s'):format(name, (tostring(problem):gsub('^.-(E%d+:)', '%1')))
  end
end

---@param uris string[]
---@return string[] problems
function M.save(uris)
  local problems = {}
  for _, uri in ipairs(uris) do
    local problem = save(uri)
    if problem then
      table.insert(problems, problem)
      require('pi.note').warn(problem .. '.')
    end
  end
  return problems
end

return M
