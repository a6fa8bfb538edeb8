-- Opens files without showing them, and without a question of Neovim's that nobody is there to answer.
local M = {}

--- Has it the file's text? Autocommands of the user's own may have failed after that was read.
---@param buf integer
---@return boolean
local function has_text(buf)
  if not vim.api.nvim_buf_is_loaded(buf) then
    return false
  end
  local empty = vim.api.nvim_buf_line_count(buf) == 1 and vim.api.nvim_buf_get_lines(buf, 0, 1, false)[1] == ''
  return not empty or vim.fn.getfsize(vim.api.nvim_buf_get_name(buf)) <= 1
end

--- A file whose swap file says that another Neovim has it open is left to that one.
---@param uri string
---@return string? problem
function M.load(uri)
  local buf = vim.uri_to_bufnr(uri)
  if vim.api.nvim_buf_is_loaded(buf) then
    return
  end
  local ok, problem = pcall(vim.fn.bufload, buf)
  local swapped = not ok and tostring(problem):find('E325', 1, true) ~= nil
  if ok or not swapped and has_text(buf) then
    return
  end
  -- It is loaded all the same, and would take the next attempt.
  pcall(vim.api.nvim_buf_delete, buf, { force = true, unload = true })
  return swapped and 'another Neovim has this file open (there is a swap file)' or tostring(problem)
end

--- Gives a buffer a name of ours; one that is taken, as by a session of |:mksession|, gets a number.
---@param buf integer
---@param name string
function M.name(buf, name)
  for number = 1, 100 do
    if pcall(vim.api.nvim_buf_set_name, buf, number == 1 and name or ('%s (%d)'):format(name, number)) then
      return
    end
  end
end

--- A buffer is about to go: its windows stay, with another one, or with what they showed before.
---@param buf integer
---@param other? integer
function M.leave(buf, other)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    local before = vim.api.nvim_win_call(win, function()
      return vim.fn.bufnr('#')
    end)
    local known = before > 0 and before ~= buf and vim.bo[before].buftype == '' and before or nil
    vim.wo[win].winfixbuf = false
    vim.api.nvim_win_set_buf(win, other or known or vim.api.nvim_create_buf(true, false))
  end
end

--- Shows it in a window for files of this tab: the current one, unless that is for something else or is to keep its buffer.
---@param buf integer
function M.show(buf)
  local function is_free(win)
    local other = vim.api.nvim_win_get_buf(win)
    return (vim.bo[other].buftype == '' or require('pi.review.standin').of(other) ~= nil)
      and not vim.wo[win].winfixbuf
      and vim.api.nvim_win_get_config(win).relative == ''
  end
  local wins = vim.api.nvim_tabpage_list_wins(0)
  table.insert(wins, 1, vim.api.nvim_get_current_win())
  local win = vim.iter(wins):find(is_free)
  if win then
    vim.api.nvim_set_current_win(win)
  else
    vim.cmd.split()
    vim.wo.winfixbuf = false
  end
  vim.bo[buf].buflisted = vim.bo[buf].buftype == ''
  -- Also where 'hidden' is off and the buffer before has changes.
  vim.cmd.buffer({ buf, mods = { hide = true } })
end

return M
