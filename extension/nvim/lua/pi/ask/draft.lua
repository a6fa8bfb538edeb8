-- A prompt of more than a line, written in a buffer: `:w` sends it, `:wq` sends it and closes the window.
local note = require('pi.note')

local M = {}

local NAME = 'pi://prompt'

---@type integer?
local draft
---@type { [1]: integer, [2]: integer }? lines that were meant when it was opened
local range
---@type integer? the file that they are in
local meant

---@return boolean
local function is_there()
  return draft ~= nil and vim.api.nvim_buf_is_valid(draft)
end

--- For 'winbar' of its window, by `%{%…%}`.
---@return string
function M.winbar()
  local with = require('pi.ask.attachments').shown()
  local lines = range and meant and (' · lines %d-%d of %s'):format(range[1], range[2], vim.fn.fnamemodify(vim.api.nvim_buf_get_name(meant), ':t')) or ''
  local running = require('pi.state').is_current_running()
  local what = running and 'Message into the run (:w steers, :w! follows up)' or 'Prompt for Pi (:w sends, :wq sends and closes)'
  return ((what .. lines .. (with and ' · ' .. with or '')):gsub('%c', ' '):gsub('%%', '%%%%'))
end

---@param lines string[]
local function fill(lines)
  if is_there() then
    vim.api.nvim_buf_set_lines(draft, 0, -1, false, lines)
    vim.bo[draft].modified = #lines > 1 or lines[1] ~= ''
  end
end

---@param force boolean
local function send(force)
  local lines = vim.api.nvim_buf_get_lines(assert(draft), 0, -1, false)
  local words = vim.trim(table.concat(lines, '\n'))
  if words == '' then
    vim.bo[draft].modified = false
    return note.info('there is nothing to send yet.')
  end
  local options = { range = range, buf = meant and vim.api.nvim_buf_is_valid(meant) and meant or nil, deliver = force and 'followUp' or nil }
  if not range then
    options.buf = require('pi.ask').meant()
  end
  fill({ '' })
  range = nil
  require('pi.ask.deliver').words(words, options, function(problem)
    -- What was refused is still the user's, unless he writes the next one already.
    if problem and is_there() and not vim.bo[draft].modified then
      fill(lines)
    end
  end)
end

---@return integer buf
local function make()
  local buf = vim.api.nvim_create_buf(false, false)
  vim.api.nvim_buf_set_name(buf, NAME)
  vim.bo[buf].buftype, vim.bo[buf].bufhidden, vim.bo[buf].swapfile = 'acwrite', 'hide', false
  vim.api.nvim_buf_call(buf, function()
    vim.cmd('silent! setlocal filetype=markdown')
  end)
  vim.bo[buf].completefunc = "v:lua.require'pi.ask.complete'.insert"
  vim.bo[buf].omnifunc = vim.bo[buf].completefunc
  vim.bo[buf].modified = false
  vim.api.nvim_create_autocmd('BufWriteCmd', {
    buffer = buf,
    callback = function()
      send(vim.v.cmdbang == 1)
    end,
  })
  return buf
end

--- `:[range]Pi prompt [words]`
---@param words string
---@param lines? { [1]: integer, [2]: integer }
function M.open(words, lines)
  local file = require('pi.ask').meant(lines)
  range = lines
  meant = lines and file or nil
  draft = is_there() and draft or make()
  local win = vim.fn.win_findbuf(draft)[1]
  if win and vim.api.nvim_win_get_tabpage(win) == vim.api.nvim_get_current_tabpage() then
    vim.api.nvim_set_current_win(win)
  else
    local chat = vim.startswith(vim.api.nvim_buf_get_name(0), 'pi://chat')
    local ok = pcall(vim.cmd, (chat and 'belowright' or 'botright') .. ' 6split')
    if not ok then
      return note.error('there is no room for the window of the prompt.')
    end
    vim.wo.winfixbuf = false
    vim.api.nvim_win_set_buf(0, draft)
    for option, value in pairs({ winfixheight = true, wrap = true, linebreak = true, number = false, relativenumber = false, signcolumn = 'no' }) do
      vim.api.nvim_set_option_value(option, value, { win = 0, scope = 'local' })
    end
    vim.api.nvim_set_option_value('winbar', "%{%v:lua.require'pi.ask.draft'.winbar()%}", { win = 0, scope = 'local' })
  end
  if words ~= '' then
    local present = vim.api.nvim_buf_get_lines(draft, 0, -1, false)
    local empty = #present == 1 and present[1] == ''
    vim.api.nvim_buf_set_lines(draft, empty and 0 or -1, -1, false, vim.split(words, '\n', { plain = true }))
  end
  vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(draft), 0 })
  -- It starts while the user types, and is asked for what can be completed.
  require('pi.server.client').ready(function() end)
  vim.cmd.startinsert({ bang = true })
end

return M
