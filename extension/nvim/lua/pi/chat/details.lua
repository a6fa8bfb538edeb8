-- What stands behind a line of the chat and is shown when it is wanted.
local M = {}

local ns = vim.api.nvim_create_namespace('pi.details')

--- What went wrong, as a sentence; where that is not all, `K` on it shows the words of whoever said it.
---@param transcript pi.Transcript
---@param problem string
---@param commands string what can be done about it
function M.failure(transcript, problem, commands)
  local sentence, details = require('pi.server.failure').told(problem)
  transcript:paragraph({ '**' .. require('pi.shown').name(sentence) .. '**' .. commands .. (details and ' *K: details*' or '') })
  if details then
    local mark = vim.api.nvim_buf_set_extmark(transcript.buf, ns, vim.api.nvim_buf_line_count(transcript.buf) - 1, 0, {})
    transcript.details[mark] = require('pi.shown').text(details)
  end
end

--- Shows what stands behind the line under the cursor.
---@param transcript pi.Transcript
function M.show(transcript)
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(transcript.buf, ns, { row, 0 }, { row, -1 }, {})) do
    if transcript.details[mark[1]] then
      local lines = vim.split(transcript.details[mark[1]], '\n', { plain = true })
      return vim.lsp.util.open_floating_preview(lines, '', { border = 'single', wrap = true, focus_id = 'pi.details', max_width = 100 })
    end
  end
  require('pi.note').info('there is nothing more about this line.')
end

return M
