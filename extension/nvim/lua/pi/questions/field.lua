-- A picker or a text field of `vim.ui`, whoever draws it, with a way to close it from outside: what it asks about may be
-- over before the user has answered.
local M = {}

---@class pi.Field
---@field over boolean answered or closed: what comes now is for nobody
---@field blocks boolean it is Neovim's own, which waits for keys and returns with the answer
---@field before table<integer, true> the windows that were there before it
---@field win? integer the window that somebody else's has opened
local Field = {}
Field.__index = Field

---@return pi.Field
function M.new()
  return setmetatable({ over = true, blocks = false, before = {} }, Field)
end

--- The first window that is new and that the user is put into: a float, or one that shows no file.
---@param self pi.Field
local function find_window(self)
  local win = vim.api.nvim_get_current_win()
  if self.win or self.over or self.before[win] then
    return
  end
  if vim.api.nvim_win_get_config(win).relative ~= '' or vim.bo[vim.api.nvim_win_get_buf(win)].buftype ~= '' then
    self.win = win
  end
end

---@param show fun(answered: fun(...))
---@param done fun(...)
function Field:open(show, done)
  self.over, self.blocks, self.win, self.before = false, true, nil, {}
  for _, win in ipairs(vim.api.nvim_list_wins()) do
    self.before[win] = true
  end
  local watch
  local function finish()
    self.over = true
    pcall(vim.api.nvim_del_autocmd, watch)
  end
  watch = vim.api.nvim_create_autocmd('WinEnter', {
    callback = function()
      if self.over then
        return true
      end
      find_window(self)
      return self.win ~= nil
    end,
  })
  local ok, problem = pcall(show, function(...)
    if not self.over then
      finish()
      done(...)
    end
  end)
  self.blocks = false
  if not ok then
    -- Such as CTRL-C in Neovim's own.
    require('pi.note').brief(tostring(problem), vim.log.levels.WARN)
    if not self.over then
      finish()
      done(nil)
    end
  elseif not self.over then
    find_window(self)
  end
end

---@param items any[]
---@param options table of vim.ui.select
---@param done fun(item: any)
function Field:select(items, options, done)
  self:open(function(answered)
    vim.ui.select(items, options, answered)
  end, done)
end

---@param options table of vim.ui.input
---@param done fun(value?: string)
function Field:input(options, done)
  self:open(function(answered)
    vim.ui.input(options, answered)
  end, done)
end

--- Goes to its window, where it has one.
---@return boolean
function Field:focus()
  if self.over or not self.win or not vim.api.nvim_win_is_valid(self.win) then
    return false
  end
  vim.api.nvim_set_current_win(self.win)
  return true
end

--- Its callback does not come any more.
function Field:close()
  if self.over then
    return
  end
  self.over = true
  if self.blocks then
    vim.api.nvim_input('<Esc>')
  elseif self.win and vim.api.nvim_win_is_valid(self.win) then
    pcall(vim.api.nvim_win_close, self.win, true)
  end
end

return M
