-- A stored conversation in the chat, from `pi.getTranscript`.
local M = {}

---@param text? string
---@param grows? boolean more of it is to come, so that its end is left as it is
---@return string[]
local function lines(text, grows)
  text = (text or ''):gsub('^%s+', '')
  return vim.split(grows and text or vim.trim(text), '\n', { plain = true })
end

---@type table<string, fun(transcript: pi.Transcript, entry: table)>
local write = {
  user = function(transcript, entry)
    transcript:section('You', vim.trim(entry.text))
    transcript:section('Pi')
  end,
  assistant = function(transcript, entry)
    transcript:add(lines(entry.text, entry.state == 'running'), 'text')
    transcript:answered(entry)
  end,
  thinking = function(transcript, entry)
    if require('pi.config').get().chat.thinking then
      transcript:add(
        vim.tbl_map(function(line)
          return '> ' .. line
        end, lines(entry.text, entry.state == 'running')),
        entry.state == 'running' and 'thinking' or 'text'
      )
    end
  end,
  tool = function(transcript, entry)
    local line = require('pi.chatevents').tool_line(entry.tool, entry.title)
    if entry.state == 'running' then
      return transcript:tool(entry.toolCallId, line, entry.parentToolCallId)
    end
    local outcome = (entry.state == 'failed' and ' ✗' or ' ✓') .. require('pi.chatevents').took(entry.durationMs)
    transcript:add({ transcript:indent(entry.toolCallId, entry.parentToolCallId) .. '- ' .. line .. outcome }, 'lines')
  end,
  bash = function(transcript, entry)
    require('pi.shell').stored(transcript, entry)
  end,
  notice = function(transcript, entry)
    transcript:add({ '*' .. lines(entry.text)[1] .. '*' }, 'text')
  end,
}

---@param transcript pi.Transcript
---@param entries table[]
---@param more boolean there are earlier ones
function M.write(transcript, entries, more)
  if more then
    transcript:add({ '*Earlier messages are left out here; Pi has them.*' }, 'text')
  end
  for _, entry in ipairs(entries) do
    if write[entry.kind] then
      write[entry.kind](transcript, entry)
    end
  end
end

return M
