-- The proposed text of a file as a buffer that can be edited: what is written from it is the user's own version.
local note = require('pi.note')
local text = require('pi.text')

local M = {}

---@class pi.Proposal
---@field buf integer
---@field edit pi.Edit as it was when the text was last taken over
---@field shown string[] the lines as the server proposed them
---@field kept? boolean it is decided, and has another version of the user in it
---@field behind? boolean the proposal or the buffer went on while the user edits this text
---@field over? boolean its server has ended; the next one may give the same id to another edit

---@type table<string, pi.Proposal> by the edit's id
local proposals = {}
--- Neovim is in the middle of a `:w`: no buffer may go from under it.
M.is_writing = false

---@param uri string
---@return string
function M.path(uri)
  return vim.fn.fnamemodify(vim.uri_to_fname(uri), ':~:.')
end

---@param buf integer
---@return pi.Proposal?
function M.of_buffer(buf)
  for _, proposal in pairs(proposals) do
    if proposal.buf == buf then
      return proposal
    end
  end
end

---@param id string
---@return pi.Proposal?
function M.get(id)
  return proposals[id]
end

--- Has the user another version of it, not yet written?
---@param proposal pi.Proposal
---@return boolean
function M.is_own(proposal)
  return vim.api.nvim_buf_is_valid(proposal.buf) and vim.bo[proposal.buf].modified
end

---@param proposal pi.Proposal
---@param edit pi.Edit
local function take_over(proposal, edit)
  local buf = proposal.buf
  local lines, eol = text.lines(edit.newText, vim.bo[buf].fileformat == 'dos')
  if edit.newText == '' then
    lines = {}
  end
  text.set_lines(buf, lines)
  vim.bo[buf].eol = eol
  vim.bo[buf].modified = false
  proposal.edit, proposal.shown, proposal.behind = edit, lines, false
end

--- `:w` in it.
---@param proposal pi.Proposal
---@param force boolean
function M.write(proposal, force)
  local present = require('pi.state').find(proposal.edit.id)
  if proposal.over or not present or not require('pi.state').is_open(present) then
    return note.error('this edit is not open any more; :saveas keeps your version.')
  elseif proposal.behind and not force then
    return note.error('the text has changed since you began. The diff shows how: take over what you want (:diffget), then :w! applies your version.')
  end
  require('pi.review.navigate').deciding(require('pi.review.hunks').places(present))
  local answer
  local argument = { editId = present.id, newText = M.is_own(proposal) and text.of_buffer(proposal.buf) or nil }
  if argument.newText and type(present.version) == 'number' then
    argument.version = present.version
  end
  require('pi.review.decide').send('pi.applyEdit', argument, function(done)
    answer = done
  end)
  -- Until it is known, so that `:wq` leaves only what has landed.
  M.is_writing = true
  pcall(vim.wait, 5000, function()
    return answer ~= nil
  end, 10)
  M.is_writing = false
  if answer and answer.applied and vim.api.nvim_buf_is_valid(proposal.buf) then
    vim.bo[proposal.buf].modified = false
  end
  vim.schedule(require('pi.review').refresh)
end

---@param edit pi.Edit
---@param live? integer the buffer it is for, where there is one
---@return pi.Proposal
function M.open(edit, live)
  local proposal = proposals[edit.id]
  if proposal and vim.api.nvim_buf_is_valid(proposal.buf) then
    return proposal
  end
  local buf = vim.api.nvim_create_buf(false, true)
  require('pi.edit.buffer').name(buf, ('pi://proposal/%s/%s'):format(edit.id, M.path(edit.uri)))
  vim.bo[buf].buftype = 'acwrite'
  vim.bo[buf].bufhidden = 'hide'
  vim.bo[buf].swapfile = false
  vim.bo[buf].fixeol = false
  local dos = live and vim.bo[live].fileformat == 'dos' or not live and edit.newText:find('\r\n', 1, true) ~= nil
  vim.bo[buf].fileformat = dos and 'dos' or 'unix'
  proposal = { buf = buf, edit = edit, shown = {} }
  proposals[edit.id] = proposal
  -- What Pi proposed is nothing that the user could undo.
  local levels = vim.bo[buf].undolevels
  vim.bo[buf].undolevels = -1
  take_over(proposal, edit)
  vim.bo[buf].undolevels = levels
  local filetype = live and vim.bo[live].filetype or vim.filetype.match({ filename = vim.uri_to_fname(edit.uri) })
  -- Highlighting without the filetype's plugins, and without other language servers for a text that is no file.
  if filetype and filetype ~= '' and not pcall(vim.treesitter.start, buf, vim.treesitter.language.get_lang(filetype)) then
    vim.bo[buf].syntax = filetype
  end
  vim.api.nvim_create_autocmd('BufWriteCmd', {
    buffer = buf,
    callback = function()
      M.write(proposal, vim.v.cmdbang == 1)
    end,
  })
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = buf,
    callback = function()
      if proposals[edit.id] == proposal then
        proposals[edit.id] = nil
      end
    end,
  })
  return proposal
end

--- The edit as it is told now. A decided one is told without its texts: what is shown of it stays as it was.
---@param proposal pi.Proposal
---@return pi.Edit
function M.edit_of(proposal)
  local present = require('pi.state').find(proposal.edit.id)
  return present and require('pi.state').is_open(present) and present or proposal.edit
end

--- Puts Pi's text back, whatever the user made of it.
---@param proposal pi.Proposal
function M.reset(proposal)
  take_over(proposal, M.edit_of(proposal))
end

--- Follows the server. A text that the user has edited is left alone; what is decided goes, but for what is reviewed.
---@param reviewed? string the edit's id
function M.refresh(reviewed)
  local state = require('pi.state')
  for _, id in ipairs(vim.tbl_keys(proposals)) do
    local present, proposal = state.find(id), proposals[id]
    if not (present and state.is_open(present)) and id ~= reviewed and not proposal.kept then
      proposal.kept = M.close(id)
    elseif present and state.is_open(present) and not state.deciding[id] then
      if not M.is_own(proposal) then
        take_over(proposal, present)
      elseif present.newText ~= proposal.edit.newText and not proposal.behind then
        proposal.behind = true
        note.brief('the text has changed while you edit the proposal; the diff shows how.')
      end
    end
  end
end

--- The server has ended, and with it all edits. Versions of the user stay in their buffers, which are nobody's now.
function M.lost()
  for _, id in ipairs(vim.tbl_keys(proposals)) do
    local proposal = proposals[id]
    if M.close(id) then
      proposal.over = true
      proposals[id] = nil
      require('pi.edit.buffer').name(proposal.buf, 'pi://proposal-ended/' .. M.path(proposal.edit.uri))
    end
  end
end

--- Removes it, unless there is a version of the user in it.
---@param id string
---@return boolean kept
function M.close(id)
  local proposal = proposals[id]
  if not proposal then
    return false
  elseif M.is_own(proposal) then
    note.brief(('your version stays in %s.'):format(vim.api.nvim_buf_get_name(proposal.buf)), vim.log.levels.WARN)
    return true
  end
  proposals[id] = nil
  pcall(vim.api.nvim_buf_delete, proposal.buf, { force = true })
  return false
end

---@return string? path of a file whose proposal the user has edited and not written
function M.unwritten()
  for _, proposal in pairs(proposals) do
    local present = require('pi.state').find(proposal.edit.id)
    if M.is_own(proposal) and present and require('pi.state').is_open(present) then
      return M.path(proposal.edit.uri)
    end
  end
end

return M
