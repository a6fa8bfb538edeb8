-- Sessions: Pi's own, stored in files that its terminal opens too.
local note = require('pi.note')

local M = {}

local run = require('pi.server.commands').run

---@param session table of pi.newSession and its like
---@param words string
local function now_in(session, words)
  require('pi.state').set_current(session.sessionId)
  require('pi.chat').load(session.sessionId)
  note.info(words)
end

--- `:Pi new [folder]`: where several folders are open, in one of them; that of the file in front is the first to choose.
---@param folder? string
function M.new(folder)
  local function begin(uri)
    run('pi.newSession', uri and { folder = uri } or nil, function(session)
      now_in(session, 'a new session.')
    end)
  end
  if folder and folder ~= '' then
    return begin(vim.uri_from_fname(vim.fs.normalize(vim.fn.fnamemodify(vim.fn.expand(folder), ':p'):gsub('(.)/$', '%1'))))
  end
  local file = vim.uri_from_bufnr(require('pi.ask').meant())
  local function front(uri)
    return vim.startswith(file, uri .. '/') and #uri or 0
  end
  -- One may have been added since the last status.
  run('pi.status', nil, function(status)
    local ordered = vim.list_extend({}, status.folders or {})
    if #ordered < 2 then
      return begin()
    end
    table.sort(ordered, function(a, b)
      return front(a) > front(b) or front(a) == front(b) and a < b
    end)
    require('pi.questions.pick').choose('A new session in which folder?', ordered, function(uri)
      return vim.fn.fnamemodify(vim.uri_to_fname(uri), ':~')
    end, begin)
  end)
end

---@param session table of pi.listSessions
---@return string
local function title(session)
  local file = session.loading and 'its start is being read …' or vim.fn.fnamemodify(session.path, ':t')
  local words = session.title or session.firstWords or file
  return (words:gsub('%s+', ' '))
end

---@param question string
---@param done fun(session: table)
local function choose(question, done)
  run('pi.listSessions', nil, function(result)
    if #result.sessions == 0 then
      return note.info('there is no stored session here.')
    end
    require('pi.questions.pick').choose(question, result.sessions, function(session)
      local state = session.current and '* ' or session.state ~= 'stored' and session.state ~= 'sleeping' and session.state .. ' ' or ''
      local of = session.forkedFrom and ('fork of "%s", '):format((session.forkedFrom:gsub('%s+', ' '))) or session.parent and 'a fork, ' or ''
      local when = (session.modified or ''):sub(1, 16):gsub('T', ' ')
      return ('%s%s  (%s%s, %s)'):format(state, title(session), of, require('pi.text').counted(session.messages or 0, 'message'), when)
    end, done)
  end)
end

--- `:Pi sessions`: resumes one.
function M.pick()
  choose('Resume which session?', function(session)
    M.resume(session.path)
  end)
end

---@param path string
function M.resume(path)
  run('pi.resumeSession', { path = path }, function(session)
    now_in(session, ('resumed %s.'):format(session.name or 'the session'))
  end)
end

--- `:Pi rename [name]`: the current one.
---@param name string
function M.rename(name)
  if name ~= '' then
    return run('pi.renameSession', { name = name }, function(result)
      note.info(('the session is called %s now.'):format(result.name))
    end)
  end
  vim.ui.input({ prompt = 'Name of the session: ' }, function(given)
    if given and vim.trim(given) ~= '' then
      M.rename(given)
    end
  end)
end

--- `:Pi delete`: a stored one, which can be had back until the next is deleted.
function M.delete()
  choose('Delete which session?', function(session)
    run('pi.deleteSession', { path = session.path }, function(result)
      note.info(('deleted; the file is kept as %s.'):format(result.movedTo))
    end)
  end)
end

--- `:Pi fork`: another session that begins in the place of an earlier message.
function M.fork()
  run('pi.listForkPoints', nil, function(result)
    if #result.points == 0 then
      return note.info('nothing has been said yet that another session could begin from.')
    end
    require('pi.questions.pick').choose('Fork before which message?', result.points, function(point)
      return (vim.fn.strcharpart(point.text, 0, 80):gsub('%s+', ' '))
    end, function(point)
      run('pi.forkSession', { entryId = point.entryId }, function(session)
        now_in(session, 'a fork of the session.')
        -- The words are there to be changed.
        require('pi.ask').with_words('', 'Ask Pi: ', {}, nil, session.text)
      end)
    end)
  end)
end

--- `:Pi clone`
function M.clone()
  run('pi.cloneSession', nil, function(session)
    now_in(session, 'a copy of the session.')
  end)
end

--- `:Pi export [file]`
---@param output string
function M.export(output)
  local path = output ~= '' and vim.fn.fnamemodify(vim.fn.expand(output), ':p') or nil
  run('pi.exportSession', { output = path }, function(result)
    note.info('written to ' .. vim.fn.fnamemodify(result.path, ':~:.'))
  end)
end

--- `:Pi terminal`: the line that resumes this session in a terminal.
function M.terminal()
  run('pi.resumeCommand', nil, function(result)
    vim.fn.setreg('"', result.command)
    note.info('yanked: ' .. result.command)
  end)
end

return M
