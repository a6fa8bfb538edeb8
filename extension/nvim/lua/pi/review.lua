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

--- The buffer of the file; an empty one for a file that is still to be created.
---@param edit pi.Edit
---@return integer buf
---@return boolean is_live
local function live_buffer(edit)
  local path = vim.uri_to_fname(edit.uri)
  local buf = vim.uri_to_bufnr(edit.uri)
  if not vim.api.nvim_buf_is_loaded(buf) and vim.fn.filereadable(path) == 0 then
    local empty = vim.api.nvim_create_buf(false, true)
    vim.bo[empty].bufhidden = 'wipe'
    return empty, false
  end
  local problem = require('pi.buffer').load(edit.uri)
  if problem then
    error(problem, 0)
  end
  vim.bo[buf].buflisted = true
  return buf, true
end

---@param win integer
local function diff(win)
  vim.api.nvim_win_call(win, function()
    vim.cmd.diffthis()
  end)
end

---@param edit pi.Edit
local function first_hunk(edit)
  local place = require('pi.hunks').places(edit)[1]
  if place then
    local row = place.count == 0 and math.max(place.row - 1, 0) or place.row
    pcall(vim.api.nvim_win_set_cursor, 0, { math.min(row + 1, vim.api.nvim_buf_line_count(0)), 0 })
  end
end

---@param edit pi.Edit
---@param tab_is_there boolean show it in the tab of the review before
local function show(edit, tab_is_there)
  local ok, live, is_live = pcall(live_buffer, edit)
  if not ok then
    return note.error(('%s cannot be opened: %s'):format(require('pi.proposal').path(edit.uri), live))
  end
  local proposal = require('pi.proposal').open(edit, is_live and live or nil)
  if tab_is_there and review then
    vim.cmd.only({ mods = { silent = true } })
    vim.cmd.diffoff()
  else
    vim.cmd.tabnew()
    vim.bo.bufhidden = 'wipe'
  end
  local win = vim.api.nvim_get_current_win()
  vim.api.nvim_win_set_buf(win, live)
  local other = vim.api.nvim_open_win(proposal.buf, false, { split = 'right', win = win })
  diff(win)
  diff(other)
  vim.wo[win].winbar = is_live and 'your buffer' or 'a new file'
  vim.wo[other].winbar = 'what Pi proposes (edit it, :w applies it)'
  review = { id = edit.id, tab = vim.api.nvim_get_current_tabpage(), live_win = win, live_buf = live, proposal_win = other }
  first_hunk(edit)
  require('pi.marks').refresh()
  require('pi.remarks').refresh()
end

--- `:Pi review`: the edit of the current buffer, else the oldest.
---@param id? string
---@param reset? boolean put Pi's text back
function M.open(id, reset)
  local state = require('pi.state')
  local edit = id and state.find(id) or state.edits_of(vim.api.nvim_get_current_buf())[1] or state.open_edits()[1]
  local here = require('pi.proposal').of_buffer(vim.api.nvim_get_current_buf())
  edit = not id and here and state.find(here.edit.id) or edit
  if not edit then
    return note.info('nothing waits for a decision.')
  elseif edit.status ~= 'open' then
    return note.error(('this edit is %s already.'):format(edit.status))
  end
  local proposal = require('pi.proposal').get(edit.id)
  if reset and proposal then
    require('pi.proposal').reset(proposal)
  end
  local tab_is_there = is_open()
  if tab_is_there and review then
    vim.api.nvim_set_current_tabpage(review.tab)
    if review.id == edit.id and vim.api.nvim_win_is_valid(review.live_win) and vim.api.nvim_win_is_valid(review.proposal_win) then
      return
    end
  end
  show(edit, tab_is_there)
end

--- Ends the review's tab, wherever the user is.
function M.close()
  if not review then
    return
  end
  local last = review
  review = nil
  if vim.api.nvim_tabpage_is_valid(last.tab) then
    for _, win in ipairs({ last.live_win, last.proposal_win }) do
      if vim.api.nvim_win_is_valid(win) then
        vim.api.nvim_win_call(win, function()
          vim.cmd.diffoff()
        end)
      end
    end
    if #vim.api.nvim_list_tabpages() > 1 then
      vim.cmd.tabclose({ args = { tostring(vim.api.nvim_tabpage_get_number(last.tab)) } })
    elseif vim.api.nvim_win_is_valid(last.proposal_win) and vim.api.nvim_win_is_valid(last.live_win) then
      vim.api.nvim_win_close(last.proposal_win, true)
    end
  end
  require('pi.proposal').close(last.id)
  require('pi.marks').refresh()
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
  local following = require('pi.state').open_edits()[1]
  if not following then
    M.close()
  elseif not require('pi.proposal').close(review.id) then
    show(following, true)
  end
end

--- Follows the server. What ended by itself stays on the screen: nothing is taken from under the user's hands.
function M.refresh()
  require('pi.proposal').refresh(review and is_open() and review.id or nil)
  require('pi.remarks').refresh()
  if not review or review.over then
    return
  elseif not is_open() then
    review = nil
    return require('pi.proposal').refresh(nil)
  end
  local state = require('pi.state')
  local edit = state.find(review.id)
  if edit and edit.status == 'open' or state.deciding[review.id] then
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
