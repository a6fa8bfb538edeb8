-- The review: a tab with the live buffer beside the proposed text, as a diff. One at a time; it goes on to the next edit
-- when the user has decided about one.
local note = require('pi.note')

local M = {}

---@class pi.Review
---@field id string the edit's
---@field tab integer
---@field live_win integer
---@field live_buf integer
---@field proposal_win integer
---@field from integer the window that the user came from
---@field by_user? boolean the user has decided something about it here
---@field over? boolean

---@type pi.Review?
local review

---@return boolean
local function is_open()
  return review ~= nil and vim.api.nvim_tabpage_is_valid(review.tab)
end

--- Is a diff of this buffer on the screen?
---@param buf integer
---@return boolean
function M.shows(buf)
  return review ~= nil and not review.over and is_open() and review.live_buf == buf and vim.api.nvim_win_is_valid(review.live_win)
end

--- Is the user in the review's tab?
---@return boolean
function M.is_before()
  return review ~= nil and is_open() and vim.api.nvim_get_current_tabpage() == review.tab
end

--- Is this edit under review?
---@param id string the edit's
---@return boolean
function M.is_about(id)
  return review ~= nil and review.id == id
end

--- The buffer of the file; an empty one for a file that is still to be created.
---@param edit pi.Edit
---@return integer buf
---@return boolean is_live
local function live_buffer(edit)
  if require('pi.review.standin').is_needed(edit) then
    return require('pi.review.standin').open(edit), false
  end
  local buf = vim.uri_to_bufnr(edit.uri)
  local problem = require('pi.edit.buffer').load(edit.uri)
  if problem then
    error(problem, 0)
  end
  vim.bo[buf].buflisted = true
  return buf, true
end

---@param win integer
---@param command "diffthis"|"diffoff"
local function diff(win, command)
  vim.api.nvim_win_call(win, function()
    vim.cmd[command]()
  end)
end

---@param win? integer
---@return boolean
local function is_there(win)
  return win ~= nil and vim.api.nvim_win_is_valid(win)
end

--- The window for the live buffer: in a tab of its own, or that of the review before, whose other windows are the user's.
---@return integer win
local function make_room()
  if not (review and is_open()) then
    vim.cmd.tabnew()
    vim.bo.bufhidden = 'wipe'
    vim.wo.winfixbuf = false
    return vim.api.nvim_get_current_win()
  end
  local win, other = review.live_win, review.proposal_win
  if not is_there(win) then
    win = vim.api.nvim_open_win(vim.api.nvim_create_buf(false, true), false, { split = 'left', win = vim.api.nvim_tabpage_list_wins(review.tab)[1] })
  end
  if is_there(other) then
    vim.api.nvim_win_close(other, true)
  end
  diff(win, 'diffoff')
  return win
end

---@param edit pi.Edit
local function first_hunk(edit)
  local place = require('pi.review.hunks').places(edit)[1]
  if place then
    local row = place.count == 0 and math.max(place.row - 1, 0) or place.row
    pcall(vim.api.nvim_win_set_cursor, 0, { math.min(row + 1, vim.api.nvim_buf_line_count(0)), 0 })
  end
end

---@param edit pi.Edit
---@return string which of those that wait it is, where there are several
local function among(edit)
  local open = require('pi.state').open_edits()
  for index, one in ipairs(open) do
    if one.id == edit.id and #open > 1 then
      return (', edit %d of %d that wait'):format(index, #open)
    end
  end
  return ''
end

---@param edit pi.Edit
---@return boolean
local function show(edit)
  local ok, live, is_live = pcall(live_buffer, edit)
  if not ok then
    note.error(('%s cannot be opened: %s'):format(require('pi.review.proposal').path(edit.uri), live))
    return false
  end
  local from = review and is_open() and review.from or vim.api.nvim_get_current_win()
  local proposal = require('pi.review.proposal').open(edit, is_live and live or nil)
  local win = make_room()
  vim.api.nvim_win_set_buf(win, live)
  vim.api.nvim_set_current_win(win)
  local other = vim.api.nvim_open_win(proposal.buf, false, { split = 'right', win = win })
  diff(win, 'diffthis')
  diff(other, 'diffthis')
  vim.wo[win].winbar = is_live and 'your buffer' or 'a new file: there is nothing yet'
  local careful = edit.careful and '. Careful: ' .. edit.careful:gsub('%%', '%%%%') or ''
  vim.wo[other].winbar = ('what Pi proposes%s%s (edit it, :w applies it)'):format(edit.status == 'stopped' and ', of a run that was stopped' or '', among(edit))
    .. careful
  review = {
    id = edit.id,
    tab = vim.api.nvim_get_current_tabpage(),
    live_win = win,
    live_buf = live,
    proposal_win = other,
    from = from,
  }
  first_hunk(edit)
  require('pi.review.marks').refresh()
  require('pi.review.remarks').refresh()
  return true
end

--- The review goes to another edit.
---@param edit pi.Edit
---@return boolean
function M.go_to(edit)
  return show(edit)
end

--- `:Pi review`: the edit of the current buffer, else the oldest.
---@param id? string
---@param reset? boolean put Pi's text back
function M.open(id, reset)
  local state = require('pi.state')
  local edit = id and state.find(id) or require('pi.review.hunks').edits_of(vim.api.nvim_get_current_buf())[1] or state.open_edits()[1]
  local here = require('pi.review.proposal').of_buffer(vim.api.nvim_get_current_buf())
  edit = not id and here and state.find(here.edit.id) or edit
  if not edit then
    return note.info('nothing waits for a decision.')
  elseif not state.is_open(edit) then
    return note.error(('this edit is %s already.'):format(edit.status))
  end
  local proposal = require('pi.review.proposal').get(edit.id)
  if reset and proposal then
    require('pi.review.proposal').reset(proposal)
  end
  if review and is_open() then
    vim.api.nvim_set_current_tabpage(review.tab)
    if review.id == edit.id and is_there(review.live_win) and is_there(review.proposal_win) then
      return
    end
  end
  show(edit)
end

--- Ends the review, wherever the user is; with its windows goes the tab, unless he has others there.
function M.close()
  if not review then
    return
  end
  local last = review
  local was_here = is_open() and vim.api.nvim_get_current_tabpage() == last.tab
  review = nil
  for _, win in ipairs({ last.proposal_win, last.live_win }) do
    if is_there(win) then
      diff(win, 'diffoff')
      vim.wo[win].winbar = ''
      -- Not Neovim's last window.
      pcall(vim.api.nvim_win_close, win, true)
    end
  end
  if was_here and not vim.api.nvim_tabpage_is_valid(last.tab) and is_there(last.from) then
    vim.api.nvim_set_current_win(last.from)
  end
  require('pi.review.proposal').close(last.id)
  require('pi.review.marks').refresh()
end

--- The user's decision about this edit was carried out.
---@param id string the edit's
function M.decided(id)
  if review and review.id == id then
    review.by_user = true
  end
  M.refresh()
end

--- On to the next edit, or back to where the user came from; not while the user types, or is in another tab.
local function go_on()
  if not review or vim.api.nvim_get_current_tabpage() ~= review.tab or vim.api.nvim_get_mode().mode ~= 'n' then
    return
  end
  local following = require('pi.review.navigate').following_edit()
  if not following then
    M.close()
  elseif not require('pi.review.proposal').close(review.id) and not show(following) then
    M.close()
  end
end

--- Follows the server. What ended by itself stays on the screen: nothing is taken from under the user's hands.
function M.refresh()
  require('pi.review.proposal').refresh(review and is_open() and review.id or nil)
  require('pi.review.remarks').refresh()
  if not review or review.over or require('pi.review.proposal').is_writing then
    return
  elseif not is_open() then
    review = nil
    return require('pi.review.proposal').refresh(nil)
  end
  local state = require('pi.state')
  local edit = state.find(review.id)
  if edit and state.is_open(edit) or state.deciding[review.id] then
    return
  end
  review.over = true
  local why = edit and edit.status or 'gone'
  if why == 'withdrawn' or why == 'failed' or why == 'gone' then
    note.brief(('the edit under review is %s; :tabclose when you are done.'):format(why))
  elseif review.by_user then
    go_on()
  end
end

return M
