-- The window of the chat: one in a tab, beside the user's own.
local M = {}

---@type integer? the one opened last
local window

--- How it looks. Neovim gives a window its own values anew with each buffer.
---@param win integer
local function dress(win)
  vim.api.nvim_set_option_value('winbar', "%{%v:lua.require'pi.statusline'.winbar()%}", { win = win, scope = 'local' })
  for option, value in pairs({
    conceallevel = require('pi.config').get().chat.conceallevel,
    wrap = true,
    linebreak = true,
    number = false,
    relativenumber = false,
    signcolumn = 'no',
    foldenable = false,
    spell = false,
  }) do
    vim.api.nvim_set_option_value(option, value, { win = win, scope = 'local' })
  end
end

---@return integer? win in this tab
function M.find()
  for _, win in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(win)):match('^pi://chat') then
      return win
    end
  end
end

--- Shows the chat in this tab, without going there.
---@param buf integer
---@return integer? win
function M.show(buf)
  local win = M.find()
  if win then
    if vim.api.nvim_win_get_buf(win) ~= buf then
      vim.api.nvim_win_set_buf(win, buf)
      dress(win)
    end
    return win
  end
  local options = require('pi.config').get().chat
  local sideways = options.position == 'left' or options.position == 'right'
  local whole = sideways and vim.o.columns or vim.o.lines
  local size = options.size < 1 and math.floor(whole * options.size) or options.size
  local config = { split = options.position, win = -1, [sideways and 'width' or 'height'] = size }
  local ok, opened = pcall(vim.api.nvim_open_win, buf, false, config)
  if not ok then
    require('pi.note').brief('there is no room for the chat window.', vim.log.levels.WARN)
    return
  end
  window = opened
  dress(opened)
  vim.api.nvim_set_option_value(sideways and 'winfixwidth' or 'winfixheight', true, { win = opened, scope = 'local' })
  vim.api.nvim_win_set_cursor(opened, { vim.api.nvim_buf_line_count(buf), 0 })
  return opened
end

--- Another conversation is shown in it.
---@param buf integer
function M.turn_to(buf)
  if window and vim.api.nvim_win_is_valid(window) then
    vim.api.nvim_win_set_buf(window, buf)
    dress(window)
  end
end

return M
