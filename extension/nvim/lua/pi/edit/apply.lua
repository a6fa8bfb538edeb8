-- `workspace/applyEdit` with a true answer: Neovim's own handler skips a stale edit and says "applied".
local M = {}

---@param change table a TextDocumentEdit
---@return string? problem
local function problem_of(change)
  local buf = vim.uri_to_bufnr(change.textDocument.uri)
  local version = change.textDocument.version
  local loaded = vim.api.nvim_buf_is_loaded(buf)
  if loaded and not vim.bo[buf].modifiable then
    return 'the buffer cannot be changed (nomodifiable)'
  end
  if type(version) == 'number' then
    if not loaded or not require('pi.edit.versions').is_tracked(buf) then
      return 'the buffer is not open any more'
    elseif require('pi.edit.versions').is_stale(buf, version) then
      return ('the buffer was changed since version %d'):format(version)
    end
  elseif loaded and require('pi.edit.versions').is_tracked(buf) then
    return 'the file was opened meanwhile'
  end
end

--- An edit is an undo step of its own, also while the user is in insert mode.
---@param uri string
local function break_undo(uri)
  local buf = vim.uri_to_bufnr(uri)
  if vim.api.nvim_buf_is_loaded(buf) then
    vim.bo[buf].undolevels = vim.bo[buf].undolevels
  end
end

---@param buf integer
---@return boolean
local function is_empty(buf)
  return vim.api.nvim_buf_line_count(buf) == 1 and vim.api.nvim_buf_get_lines(buf, 0, 1, false)[1] == ''
end

--- An empty buffer has a line all the same; behind a text that ends its lines it would be one too many.
---@param change table a TextDocumentEdit
local function drop_empty_line(change)
  local buf = vim.uri_to_bufnr(change.textDocument.uri)
  local last = change.edits[#change.edits]
  if last and last.newText:sub(-1) == '\n' and vim.api.nvim_buf_get_lines(buf, -2, -1, false)[1] == '' then
    vim.api.nvim_buf_set_lines(buf, -2, -1, false, {})
  end
end

---@param params { label?: string, edit: lsp.WorkspaceEdit }
---@param encoding string
---@return { applied: boolean, failureReason?: string }
function M.apply(params, encoding)
  local changes = params.edit.documentChanges or {}
  for _, change in ipairs(changes) do
    local problem = change.textDocument and problem_of(change)
    if problem then
      return { applied = false, failureReason = problem }
    end
  end
  local empty = {}
  for _, change in ipairs(changes) do
    -- A file that is created by this edit is opened by it.
    local problem = change.textDocument and #changes == 1 and require('pi.edit.buffer').load(change.textDocument.uri)
    if problem then
      return { applied = false, failureReason = problem }
    end
    if change.textDocument then
      -- It has been looked at; Neovim's own look would skip without a word.
      change.textDocument.version = 0
      break_undo(change.textDocument.uri)
      local buf = vim.uri_to_bufnr(change.textDocument.uri)
      empty[change] = not vim.api.nvim_buf_is_loaded(buf) and change ~= changes[1] or vim.api.nvim_buf_is_loaded(buf) and is_empty(buf)
    end
  end
  for _, change in ipairs(params.edit.documentChanges or {}) do
    if change.kind == 'delete' then
      -- Neovim would close the windows with the buffer.
      require('pi.edit.buffer').leave(vim.uri_to_bufnr(change.uri))
    end
  end
  local ok, problem = pcall(vim.lsp.util.apply_workspace_edit, params.edit, encoding)
  if not ok then
    return { applied = false, failureReason = tostring(problem) }
  end
  for _, change in ipairs(changes) do
    if empty[change] then
      drop_empty_line(change)
    end
    if change.textDocument then
      break_undo(change.textDocument.uri)
      vim.bo[vim.uri_to_bufnr(change.textDocument.uri)].buflisted = true
    end
  end
  return { applied = true }
end

return M
