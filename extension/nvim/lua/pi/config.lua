-- The options, from `vim.g.pi` and `require('pi').setup`, checked by name and type when they are first needed.
local M = {}

---@class pi.Options
---@field server? string|string[] the server's program, or a command with arguments; found by itself where it is not given
---@field root? string|fun(buf: integer): string? the folder in which Pi works; without it that of the repository, or the current one
---@field autostart? boolean start the server with the first file, not with the first use
---@field settings? table<string, any> the server's settings, section `pi` of docs/protocol.md
---@field keys? table<string, pi.KeySource> by provider, what gives an API key that nobody but Pi is to have
---@field chat? pi.ChatOptions
---@field marks? pi.MarkOptions
---@field questions? "idle"|"command" ask when the user has stopped typing, or on `:Pi answer` only
---@field quiet_ms? integer how long no key may have come before a question may open
---@field log_level? "Debug"|"Info"|"Warning"|"Error"

---@class pi.ChatOptions
---@field open? boolean show the chat when Pi is asked
---@field position? "right"|"left"|"below"|"above"
---@field size? number columns or lines, or below 1 a share of the screen
---@field thinking? boolean show what the model thinks
---@field conceallevel? integer 'conceallevel' of its window

---@class pi.MarkOptions
---@field sign? string in the sign column; empty for none
---@field lines? integer how many proposed lines to show below a hunk

---@type pi.Options
M.defaults = {
  server = nil,
  root = nil,
  autostart = false,
  settings = {},
  keys = {},
  chat = { open = true, position = 'right', size = 0.4, thinking = true, conceallevel = 2 },
  marks = { sign = '┃', lines = 8 },
  questions = 'idle',
  quiet_ms = 1000,
  log_level = 'Info',
}

---@type table<string, string[]>
local types = {
  server = { 'string', 'table' },
  root = { 'string', 'function' },
  autostart = { 'boolean' },
  settings = { 'table' },
  keys = { 'table' },
  chat = { 'table' },
  ['chat.open'] = { 'boolean' },
  ['chat.position'] = { 'right', 'left', 'below', 'above' },
  ['chat.size'] = { 'number' },
  ['chat.thinking'] = { 'boolean' },
  ['chat.conceallevel'] = { 'number' },
  marks = { 'table' },
  ['marks.sign'] = { 'string' },
  ['marks.lines'] = { 'number' },
  questions = { 'idle', 'command' },
  quiet_ms = { 'number' },
  log_level = { 'Debug', 'Info', 'Warning', 'Error' },
}

--- What is wrong with `keys`, never saying a value: it may be a key that stands in the wrong place.
---@param keys any
---@return string[] problems
local function problems_of_keys(keys)
  if type(keys) ~= 'table' then
    return { 'the option "keys" must be a table of commands or functions by provider' }
  end
  local found = {}
  for provider, source in pairs(keys) do
    local words = type(source) == 'table' and vim.islist(source) and #source > 0
    if type(provider) ~= 'string' then
      return { 'the option "keys" names each provider: { groq = { "pass", "show", "groq" } }' }
    elseif type(source) ~= 'function' and not (words and vim.iter(source):all(function(word)
      return type(word) == 'string'
    end)) then
      table.insert(found, ('the option "keys.%s" must be a command, as a list of its words, or a function'):format(provider))
    end
  end
  return found
end

---@param given table
---@param prefix? string
---@return string[] problems
function M.problems(given, prefix)
  local found = {}
  for key, value in pairs(given) do
    local name = (prefix or '') .. tostring(key)
    local allowed = types[name]
    if name == 'keys' then
      vim.list_extend(found, problems_of_keys(value))
    elseif not allowed then
      table.insert(found, ('there is no option "%s"; :help pi-options lists them'):format(name))
    elseif not vim.list_contains(allowed, type(value)) and not (type(value) == 'string' and vim.list_contains(allowed, value)) then
      table.insert(found, ('the option "%s" must be %s, it is %s'):format(name, table.concat(allowed, ' or '), vim.inspect(value)))
    elseif type(value) == 'table' and (name == 'chat' or name == 'marks') then
      vim.list_extend(found, M.problems(value, name .. '.'))
    end
  end
  table.sort(found)
  return found
end

---@type table options given to setup()
local given_to_setup = {}
---@type pi.Options?
local merged

---@param options? pi.Options
function M.set(options)
  given_to_setup = options or {}
  merged = nil
end

---@return table given what the user has set, by whatever way
function M.given()
  local global = vim.g.pi
  if type(global) == 'function' then
    global = global()
  end
  return vim.tbl_deep_extend('force', type(global) == 'table' and global or {}, given_to_setup)
end

--- Wrong options are said once and left out, so that a slip of the pen does not switch the review off.
---@return pi.Options
function M.get()
  if not merged then
    local given = M.given()
    local problems = M.problems(given)
    if #problems > 0 then
      require('pi.note').error('Wrong options: ' .. table.concat(problems, '; ') .. '.')
      given = M.valid(given)
    end
    merged = vim.tbl_deep_extend('force', M.defaults, given)
  end
  return merged
end

---@param given table
---@param prefix? string
---@return table
function M.valid(given, prefix)
  local kept = {}
  for key, value in pairs(given) do
    local name = (prefix or '') .. tostring(key)
    if #M.problems({ [key] = value }, prefix) == 0 then
      kept[key] = value
    elseif name == 'keys' and type(value) == 'table' then
      kept[key] = vim.iter(value):fold({}, function(fitting, provider, source)
        fitting[provider] = #problems_of_keys({ [provider] = source }) == 0 and source or nil
        return fitting
      end)
    elseif type(value) == 'table' and (name == 'chat' or name == 'marks') then
      kept[key] = M.valid(value, name .. '.')
    end
  end
  return kept
end

return M
