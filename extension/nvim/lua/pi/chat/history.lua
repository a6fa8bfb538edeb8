-- A stored conversation in the chat, from `pi.getTranscript`.
local M = {}

---@param text? string
---@param grows? boolean more of it is to come, so that its end is left as it is
---@return string[]
local function lines(text, grows)
  text = (text or ''):gsub('^%s+', '')
  return vim.split(grows and text or vim.trim(text), '\n', { plain = true })
end

--- What is whole stays apart from what comes next; what is not goes on.
---@param transcript pi.Transcript
---@param entry table
---@param text string[]
---@param kind "text"|"thinking"
local function add(transcript, entry, text, kind)
  if entry.state == 'running' then
    return transcript:add(text, kind)
  end
  transcript:paragraph(text)
end

---@type table<string, fun(transcript: pi.Transcript, entry: table)>
local write = {
  user = function(transcript, entry)
    transcript:section('You', vim.trim(entry.text))
    transcript:section('Pi')
  end,
  assistant = function(transcript, entry)
    add(transcript, entry, lines(entry.text, entry.state == 'running'), 'text')
    transcript:answered(entry)
  end,
  thinking = function(transcript, entry)
    if require('pi.config').get().chat.thinking then
      add(
        transcript,
        entry,
        vim.tbl_map(function(line)
          return '> ' .. line
        end, lines(entry.text, entry.state == 'running')),
        'thinking'
      )
    end
  end,
  tool = function(transcript, entry)
    local line = require('pi.chat.events').tool_line(entry.tool, entry.title)
    if entry.state == 'running' then
      return transcript:tool(entry.toolCallId, line, entry.parentToolCallId)
    end
    local edited = require('pi.chat.events').of_edit(transcript.session, entry.toolCallId)
    local outcome = (edited or entry.state == 'failed' and ' ✗' or ' ✓') .. require('pi.chat.events').took(entry.durationMs)
    transcript:add({ transcript:indent(entry.toolCallId, entry.parentToolCallId) .. '- ' .. line .. outcome }, 'lines')
    require('pi.chat.details').of_tool(transcript, entry.toolCallId)
  end,
  bash = function(transcript, entry)
    require('pi.chat.shell').stored(transcript, entry)
  end,
  run = function(transcript, entry)
    require('pi.chat.card').write(transcript, vim.tbl_extend('keep', { sessionId = transcript.session }, entry))
  end,
  retry = function(transcript, entry)
    local events = require('pi.chat.events')
    if entry.state == 'running' then
      return transcript:note('retry', events.retry(entry))
    end
    transcript:note('retry', events.retried(entry.attempt, entry.state == 'done', entry.error), true)
  end,
  compaction = function(transcript, entry)
    transcript:note('compaction', require('pi.chat.events').compaction(entry, entry.state == 'running'), entry.state ~= 'running')
  end,
  notice = function(transcript, entry)
    transcript:paragraph({ '*' .. lines(entry.text)[1] .. '*' })
  end,
}

--- So many entries are asked for at once, where all of them are wanted.
local PAGE = 1000

--- Goes on reading before what there is.
---@param session string
---@param result pi.TranscriptPage
---@param done fun(result: pi.TranscriptPage)
function M.read_before(session, result, done)
  if not result.more or #result.entries == 0 then
    return done(result)
  end
  local argument = { sessionId = session, before = result.entries[1].id, limit = PAGE }
  require('pi.server.client').execute('pi.getTranscript', argument, function(problem, page)
    if problem or #page.entries == 0 then
      return done(result)
    end
    local entries = vim.list_extend(page.entries, result.entries)
    M.read_before(session, vim.tbl_extend('force', result, { entries = entries, more = page.more }), done)
  end)
end

---@param transcript pi.Transcript
---@param entries table[]
---@param more boolean there are earlier ones
---@param session? string
function M.write(transcript, entries, more, session)
  transcript.session = session or transcript.session
  if more then
    transcript:paragraph({ '*Earlier messages are left out here: `:Pi! chat` shows them.*' })
  end
  for index, entry in ipairs(entries) do
    -- Of retries in a row the last one says it all.
    local following = entries[index + 1]
    local superseded = entry.kind == 'retry' and following and following.kind == 'retry' and following.attempt > entry.attempt
    if write[entry.kind] and not superseded then
      write[entry.kind](transcript, entry)
    end
  end
end

return M
