-- A conversation as a Markdown buffer that grows at its end. Windows that look at the end follow it; who reads further up,
-- or selects something, stays there.
local M = {}

local ns = vim.api.nvim_create_namespace('pi.transcript')

---@class pi.Transcript
---@field buf integer
---@field block? "text"|"thinking"|"lines" what the last paragraph is
---@field settled? string the run whose end was written last
---@field session? string whose conversation it is, where that was read from the server
---@field answerer? string what was said of the model that has answered last
---@field unnamed? boolean a run has begun whose prompt is not known yet
---@field grown? { head: integer, tail: integer } marks of the block that grows
---@field depths table<string, integer> how many scripts a tool call stands under
---@field tools table<string, integer> marks of the tools' lines
---@field details table<integer, string|{ tool: string }> what stands behind a line, by its mark: a text, or a tool's call
---@field ended table<string, { mark: integer, line: string, took: string }> lines of tools that have ended, by the call
---@field notes table<string, integer> marks of lines that are written anew as it goes on
local Transcript = {}
Transcript.__index = Transcript

---@param name string
---@return pi.Transcript
function M.new(name)
  local buf = vim.api.nvim_create_buf(false, true)
  require('pi.edit.buffer').name(buf, name)
  vim.bo[buf].buftype = 'nofile'
  vim.bo[buf].bufhidden = 'hide'
  vim.bo[buf].swapfile = false
  vim.bo[buf].undolevels = -1
  -- A filetype plugin that fails, as Neovim's own does without its parser, must not wait for a key here.
  vim.api.nvim_buf_call(buf, function()
    vim.cmd('silent! setlocal filetype=markdown')
  end)
  vim.bo[buf].modifiable = false
  -- Nothing can be inserted here: what one would write is a prompt.
  for _, key in ipairs({ 'i', 'I', 'a', 'A', 'o', 'O' }) do
    vim.keymap.set('n', key, function()
      require('pi.ask.draft').open('')
    end, { buffer = buf, nowait = true, desc = 'Pi: write a prompt' })
  end
  local transcript = setmetatable({ buf = buf, tools = {}, ended = {}, depths = {}, notes = {}, details = {} }, Transcript)
  vim.keymap.set('n', 'K', function()
    require('pi.chat.details').show(transcript)
  end, { buffer = buf, nowait = true, desc = 'Pi: what stands behind this line' })
  vim.keymap.set('n', '<CR>', function()
    require('pi.chat.details').go(transcript)
  end, { buffer = buf, nowait = true, desc = 'Pi: go to the change or the file of this line' })
  return transcript
end

--- Not after the user's `:bdelete`, which takes the text.
---@return boolean
function Transcript:is_valid()
  return vim.api.nvim_buf_is_loaded(self.buf)
end

--- Its conversation has ended with the server; what was said stays to be read, and its name is free for the next one.
function Transcript:retire()
  require('pi.edit.buffer').name(self.buf, (vim.api.nvim_buf_get_name(self.buf):gsub('^pi://chat', 'pi://chat-ended')))
end

--- Windows that look at the end go on with it; the one in which the user is only in Normal mode.
---@return integer[]
function Transcript:followers()
  local last = vim.api.nvim_buf_line_count(self.buf)
  local normal = vim.api.nvim_get_mode().mode == 'n'
  return vim.tbl_filter(function(win)
    return (normal or win ~= vim.api.nvim_get_current_win()) and vim.api.nvim_win_get_cursor(win)[1] >= last
  end, vim.fn.win_findbuf(self.buf))
end

---@param change fun()
function Transcript:edit(change)
  local followers = self:followers()
  vim.bo[self.buf].modifiable = true
  change()
  vim.bo[self.buf].modifiable = false
  vim.bo[self.buf].modified = false
  local last = vim.api.nvim_buf_line_count(self.buf)
  for _, win in ipairs(followers) do
    vim.api.nvim_win_set_cursor(win, { last, 0 })
  end
end

---@return boolean
function Transcript:is_empty()
  return vim.api.nvim_buf_line_count(self.buf) == 1 and vim.api.nvim_buf_get_lines(self.buf, 0, 1, false)[1] == ''
end

--- To be written anew.
function Transcript:clear()
  self.block, self.answerer, self.grown, self.settled = nil, nil, nil, nil
  self.tools, self.ended, self.depths, self.notes, self.details = {}, {}, {}, {}, {}
  self:edit(function()
    vim.api.nvim_buf_set_lines(self.buf, 0, -1, false, {})
  end)
end

--- Adds to the last line.
---@param text string
function Transcript:append(text)
  self:edit(function()
    local row = vim.api.nvim_buf_line_count(self.buf) - 1
    local line = vim.api.nvim_buf_get_lines(self.buf, row, row + 1, false)[1]
    vim.api.nvim_buf_set_text(self.buf, row, #line, row, #line, vim.split(text, '\n', { plain = true }))
  end)
end

--- Adds lines of their own, after an empty one where something else stands before.
---@param lines string[]
---@param block? "text"|"thinking"|"lines"
function Transcript:add(lines, block)
  local apart = not self:is_empty() and (self.block ~= 'lines' or block ~= 'lines')
  self:edit(function()
    -- A model likes to end with empty lines; one is enough.
    local first = vim.api.nvim_buf_line_count(self.buf)
    while first > 0 and vim.api.nvim_buf_get_lines(self.buf, first - 1, first, false)[1] == '' do
      first = first - 1
    end
    local text = apart and vim.list_extend({ '' }, lines) or lines
    vim.api.nvim_buf_set_lines(self.buf, first, -1, false, text)
  end)
  self.block = block or 'lines'
end

--- A piece of a text that comes bit by bit.
---@param kind "text"|"thinking"
---@param text string
function Transcript:stream(kind, text)
  if self.block ~= kind then
    text = text:gsub('^%s+', '')
    if text == '' then
      return
    end
    self:add({ kind == 'thinking' and '> ' or '' }, kind)
  end
  self:append(kind == 'thinking' and text:gsub('\n', '\n> ') or text)
end

--- Lines that are whole: what comes next is no part of them.
---@param lines string[]
function Transcript:paragraph(lines)
  self:add(lines, 'text')
  self.block = nil
end

--- A line that says how something goes, written anew in its place while that goes on.
---@param key string
---@param line string
---@param over? boolean it is its last word
function Transcript:note(key, line, over)
  local mark = self.notes[key]
  local row = mark and vim.api.nvim_buf_get_extmark_by_id(self.buf, ns, mark, {})[1]
  self.notes[key] = nil
  if row then
    self:edit(function()
      local before = vim.api.nvim_buf_get_lines(self.buf, row, row + 1, false)[1]
      vim.api.nvim_buf_set_text(self.buf, row, 0, row, #before, { line })
    end)
  else
    self:paragraph({ line })
    row = vim.api.nvim_buf_line_count(self.buf) - 1
  end
  if not over then
    self.notes[key] = vim.api.nvim_buf_set_extmark(self.buf, ns, row, 0, {})
  end
end

---@param heading string
---@param text? string
function Transcript:section(heading, text)
  self:paragraph({ '## ' .. heading })
  if text then
    self:paragraph(vim.split(text, '\n', { plain = true }))
  end
end

--- Says which model has answered, where that is not the selected one; once, as long as it stays the same.
---@param message { provider?: string, model?: string, selectedModel?: string }
function Transcript:answered(message)
  local by = message.selectedModel and ('*%s/%s answered for %s.*'):format(message.provider, message.model, message.selectedModel)
  if by and by ~= self.answerer then
    self:paragraph({ by })
  end
  self.answerer = by
end

---@param id string
---@param parent? string
---@return string
function Transcript:indent(id, parent)
  self.depths[id] = parent and (self.depths[parent] or 0) + 1 or 0
  return ('  '):rep(self.depths[id])
end

---@param id string
---@param line string
---@param parent? string the call whose script has made this one
function Transcript:tool(id, line, parent)
  self:add({ self:indent(id, parent) .. '- ' .. line }, 'lines')
  self.tools[id] = vim.api.nvim_buf_set_extmark(self.buf, ns, vim.api.nvim_buf_line_count(self.buf) - 1, 0, {})
  require('pi.chat.details').of_tool(self, id)
end

---@param id string
---@param outcome string
---@param took string
function Transcript:tool_ended(id, outcome, took)
  local mark = self.tools[id]
  self.tools[id] = nil
  local row = mark and vim.api.nvim_buf_get_extmark_by_id(self.buf, ns, mark, {})[1]
  if row then
    local line = vim.api.nvim_buf_get_lines(self.buf, row, row + 1, false)[1]
    self.ended[id] = { mark = mark, line = line, took = took }
    self:tool_outcome(id, outcome)
  end
end

--- What became of it may be known only when it has ended.
---@param id string
---@param outcome string
function Transcript:tool_outcome(id, outcome)
  local ended = self.ended[id]
  local row = ended and vim.api.nvim_buf_get_extmark_by_id(self.buf, ns, ended.mark, {})[1]
  local text = ended and ended.line .. outcome .. ended.took
  if row and vim.api.nvim_buf_get_lines(self.buf, row, row + 1, false)[1] ~= text then
    self:edit(function()
      -- Behind its beginning, where its marks are.
      local line = vim.api.nvim_buf_get_lines(self.buf, row, row + 1, false)[1]
      vim.api.nvim_buf_set_text(self.buf, row, math.min(#ended.line, #line), row, #line, { outcome .. ended.took })
    end)
  end
end

--- A line with a block of text below it that grows wherever it stands by then; one at a time.
---@param headline string
function Transcript:open_block(headline)
  self:paragraph({ headline, '`````text', '', '`````' })
  local last = vim.api.nvim_buf_line_count(self.buf)
  self.grown = {
    head = vim.api.nvim_buf_set_extmark(self.buf, ns, last - 4, 0, {}),
    tail = vim.api.nvim_buf_set_extmark(self.buf, ns, last - 1, 0, {}),
  }
end

---@return integer? head row of the headline
---@return integer tail row of the line that closes the block
function Transcript:block_rows()
  local marks = self.grown
  local head = marks and vim.api.nvim_buf_get_extmark_by_id(self.buf, ns, marks.head, {})[1]
  return head, head and vim.api.nvim_buf_get_extmark_by_id(self.buf, ns, marks.tail, {})[1] or 0
end

---@param text string
---@param most integer lines that are kept
---@param anew? boolean what stood there is left behind
---@param over? boolean the line that is unfinished was written over
function Transcript:grow_block(text, most, anew, over)
  local head, tail = self:block_rows()
  if not head or (text == '' and not over) then
    return
  end
  self:edit(function()
    if anew then
      vim.api.nvim_buf_set_lines(self.buf, head + 2, tail, false, { '' })
      tail = head + 3
    end
    local line = vim.api.nvim_buf_get_lines(self.buf, tail - 1, tail, false)[1]
    local from = over and not anew and 0 or #line
    vim.api.nvim_buf_set_text(self.buf, tail - 1, from, tail - 1, #line, vim.split(text, '\n', { plain = true }))
    tail = select(2, self:block_rows())
    local extra = tail - (head + 2) - most
    if extra > 0 then
      vim.api.nvim_buf_set_lines(self.buf, head + 2, head + 2 + extra, false, {})
    end
  end)
end

---@param outcome string
function Transcript:close_block(outcome)
  local head, tail = self:block_rows()
  self.grown = nil
  if not head then
    return
  end
  self:edit(function()
    local lines = vim.api.nvim_buf_get_lines(self.buf, head + 2, tail, false)
    if #lines == 1 and lines[1] == '' then
      vim.api.nvim_buf_set_lines(self.buf, head + 1, tail + 1, false, {})
    elseif lines[#lines] == '' then
      vim.api.nvim_buf_set_lines(self.buf, tail - 1, tail, false, {})
    end
    local line = vim.api.nvim_buf_get_lines(self.buf, head, head + 1, false)[1]
    vim.api.nvim_buf_set_text(self.buf, head, #line, head, #line, { outcome })
  end)
end

return M
