-- What can be attached and is no file: problems, changes in git, the output of a terminal, each as a text of this moment.
local M = {}

--- More than so many characters of one of these no model should read at once.
local MOST = 100000

---@type string[]
M.kinds = { 'problems', 'changes', 'terminal' }

M.titles = { problems = 'Problems of all files', changes = 'Changes in git', terminal = 'Output of the terminal' }

---@return string
local function folder()
  local client = require('pi.server.client').get()
  local folders = client and client.workspace_folders
  return folders and folders[1] and vim.uri_to_fname(folders[1].uri) or vim.fn.getcwd()
end

--- Errors first; what is only a hint is no problem.
---@return string?
local function problems()
  local names = { 'error', 'warning', 'information' }
  local found = vim.tbl_filter(function(one)
    return one.severity <= 3 and require('pi.server.connection').is_file(one.bufnr)
  end, vim.diagnostic.get())
  local path = {}
  for _, one in ipairs(found) do
    path[one] = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(one.bufnr), ':.')
  end
  table.sort(found, function(a, b)
    if path[a] ~= path[b] then
      return path[a] < path[b]
    end
    return a.severity < b.severity or a.severity == b.severity and a.lnum < b.lnum
  end)
  local lines = vim.tbl_map(function(one)
    local source = one.source and (' (%s)'):format(one.source) or ''
    return ('%s:%d:%d: %s: %s%s'):format(path[one], one.lnum + 1, one.col + 1, names[one.severity], one.message:gsub('%s*\n%s*', ' '), source)
  end, found)
  return #lines > 0 and table.concat(lines, '\n') or nil
end

--- The terminal that was used last, or the one in front.
---@return string?
local function terminal()
  local terminals = vim.tbl_filter(function(info)
    return vim.bo[info.bufnr].buftype == 'terminal'
  end, vim.fn.getbufinfo())
  table.sort(terminals, function(a, b)
    return a.lastused > b.lastused
  end)
  local buf = vim.bo.buftype == 'terminal' and vim.api.nvim_get_current_buf() or terminals[1] and terminals[1].bufnr
  if not buf then
    return nil
  end
  local text = vim.trim((table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\n'):gsub('[ \t]+\n', '\n')))
  if #text > MOST then
    local from = text:find('\n', #text - MOST, true) or #text - MOST
    text = '… what is before is left out\n' .. text:sub(from + 1)
  end
  return text ~= '' and text or nil
end

--- Nothing that a repository names is run for it: no pager, no filter for text, no program that compares.
---@param done fun(text?: string, problem?: string)
local function changes(done)
  local cwd = folder()
  local function git(words, answered)
    local line = vim.list_extend({ 'git', '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '--no-optional-locks' }, words)
    local ok, problem = pcall(vim.system, line, { cwd = cwd, text = true }, function(result)
      vim.schedule(function()
        if result.code ~= 0 then
          return answered(nil, vim.trim(result.stderr or ''):match('[^\n]*$'))
        end
        answered(vim.trim(result.stdout or ''))
      end)
    end)
    if not ok then
      answered(nil, 'git does not run: ' .. tostring(problem))
    end
  end
  local diff = { 'diff', '--no-color', '--no-ext-diff', '--no-textconv', '--relative' }
  git({ 'status', '--short', '--untracked-files=normal', '.' }, function(status, problem)
    if not status then
      return done(nil, problem)
    end
    local function told(text)
      local all = vim.trim(status .. '\n' .. (text or ''))
      if #all > MOST then
        all = vim.fn.strcharpart(all, 0, MOST) .. '\n… the rest is left out'
      end
      done(all ~= '' and all or nil)
    end
    git(vim.list_extend(vim.deepcopy(diff), { 'HEAD' }), function(text)
      if text then
        return told(text)
      end
      -- Before the first commit.
      git(vim.list_extend(vim.deepcopy(diff), { '--cached' }), told)
    end)
  end)
end

local MISSING = {
  problems = 'no file that is open has a problem.',
  changes = 'git has nothing as changed here.',
  terminal = 'there is no terminal with output.',
}

---@param kind string
---@param done fun(attachment?: table, problem?: string)
function M.get(kind, done)
  local function answered(text, problem)
    if not text then
      return done(nil, problem or MISSING[kind])
    end
    done({ kind = 'text', title = M.titles[kind], text = text })
  end
  if kind == 'changes' then
    return changes(answered)
  end
  answered(kind == 'problems' and problems() or kind == 'terminal' and terminal() or nil)
end

--- The kinds that a prompt names, as `@changes`; a file of that name is meant before.
---@param prompt string
---@return string[] kinds
---@return string prompt with words in their place
function M.named(prompt)
  local kinds = {}
  local words = (' ' .. prompt):gsub('(%s)@(%l+)%f[^%w_./-]', function(before, kind)
    if not M.titles[kind] or vim.uv.fs_stat(folder() .. '/' .. kind) then
      return nil
    end
    if not vim.list_contains(kinds, kind) then
      table.insert(kinds, kind)
    end
    return before .. M.titles[kind]:gsub('^%u', string.lower) .. ' (attached)'
  end)
  return kinds, words:sub(2)
end

return M
