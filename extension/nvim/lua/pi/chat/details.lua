-- What stands behind a line of the chat: `K` shows it, `<CR>` goes there.
local M = {}

local ns = vim.api.nvim_create_namespace('pi.details')

---@param transcript pi.Transcript
---@param behind string|{ tool: string }
local function mark_last(transcript, behind)
  local mark = vim.api.nvim_buf_set_extmark(transcript.buf, ns, vim.api.nvim_buf_line_count(transcript.buf) - 1, 0, {})
  transcript.details[mark] = behind
end

--- What went wrong, as a sentence; where that is not all, `K` on it shows the words of whoever said it.
---@param transcript pi.Transcript
---@param problem string
---@param commands string what can be done about it
function M.failure(transcript, problem, commands)
  local sentence, details = require('pi.server.failure').told(problem)
  transcript:paragraph({ '**' .. require('pi.shown').name(sentence) .. '**' .. commands .. (details and ' *K: details*' or '') })
  if details then
    mark_last(transcript, require('pi.shown').text(details))
  end
end

--- The line of a tool's call has just been written.
---@param transcript pi.Transcript
---@param call string
function M.of_tool(transcript, call)
  mark_last(transcript, { tool = call })
end

---@param transcript pi.Transcript
---@return (string|{ tool: string })? behind the line under the cursor
local function under_cursor(transcript)
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(transcript.buf, ns, { row, 0 }, { row, -1 }, {})) do
    if transcript.details[mark[1]] then
      return transcript.details[mark[1]]
    end
  end
end

---@param transcript pi.Transcript
---@return pi.ToldEdit? edit of the line under the cursor
local function edit_of(transcript)
  local behind = under_cursor(transcript)
  return type(behind) == 'table' and transcript.session and require('pi.state').edit_of_call(transcript.session, behind.tool) or nil
end

---@param text string
---@param filetype string
local function preview(text, filetype)
  local lines = vim.split(text, '\n', { plain = true, trimempty = true })
  vim.lsp.util.open_floating_preview(lines, filetype, { border = 'single', wrap = true, focus_id = 'pi.details', max_width = 100 })
end

--- The server writes the diff of what has landed to a document, which it shows where it can.
---@param id string the edit's
local function show_landed(id)
  local handlers = require('pi.server.handlers')
  local function read(uri)
    local ok, lines = pcall(vim.fn.readfile, vim.uri_to_fname(uri))
    if ok then
      preview(table.concat(lines, '\n'), 'diff')
    end
  end
  handlers.take_document = read
  require('pi.server.commands').run('pi.showEdit', { editId = id, as = 'landed' }, function(result)
    handlers.take_document = nil
    if not result.shown then
      read(result.uri)
    end
  end)
end

--- `K`: the words of an error; of an edit its diff, once it is decided that of what has landed.
---@param transcript pi.Transcript
function M.show(transcript)
  local behind = under_cursor(transcript)
  local edit = edit_of(transcript)
  if type(behind) == 'string' then
    return preview(behind, '')
  elseif not edit then
    return require('pi.note').info('there is nothing more about this line.')
  end
  if edit.outcome and edit.outcome.applied > 0 then
    return show_landed(edit.id)
  end
  require('pi.server.commands').run('pi.listEdits', { editIds = { edit.id } }, function(result)
    local whole = result.edits[1]
    if whole and whole.diff and whole.diff ~= '' then
      preview(whole.diff, 'diff')
    end
  end)
end

--- `<CR>`: the review of an edit that waits, or the file that the line names.
---@param transcript pi.Transcript
function M.go(transcript)
  local edit = edit_of(transcript)
  if edit and require('pi.state').is_open(edit) then
    return require('pi.review').open(edit.id)
  end
  local named = vim.api.nvim_get_current_line():match('`([^`]+)`')
  local folder = require('pi.statusline').folder() or vim.fn.getcwd()
  -- A tool names it from its folder, the end of a run as it is shown.
  local candidates = { edit and vim.uri_to_fname(edit.uri), named and vim.fs.joinpath(folder, named), named and vim.fn.fnamemodify(named, ':p') }
  local path = vim
    .iter(pairs(candidates))
    :map(function(_, one)
      return one and vim.fn.filereadable(one) == 1 and one or nil
    end)
    :next()
  if not path then
    return require('pi.note').info('this line names no file.')
  end
  local uri = vim.uri_from_fname(path)
  local problem = require('pi.edit.buffer').load(uri)
  if problem then
    return require('pi.note').error(problem)
  end
  require('pi.edit.buffer').show(vim.uri_to_bufnr(uri))
end

return M
