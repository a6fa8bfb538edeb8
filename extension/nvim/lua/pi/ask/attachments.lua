-- What is attached to the next prompt besides the file it is asked from: collected by `:Pi attach`, shown before it is sent.
local note = require('pi.note')

local M = {}

M.kinds = { 'file', 'selection', 'diagnostics', 'problems', 'changes', 'terminal', 'buffers', 'clear' }

---@class pi.Attached
---@field attachment table as pi.ask takes it
---@field title string
---@field tokens integer

---@type pi.Attached[]
local attached = {}

local function changed()
  vim.api.nvim_exec_autocmds('User', { pattern = 'PiStatus', modeline = false })
  vim.cmd.redrawstatus({ bang = true })
end

---@return integer
function M.count()
  return #attached
end

--- In short, with what it costs; nothing when there is nothing.
---@return string?
function M.shown()
  if #attached == 0 then
    return nil
  end
  local titles, tokens = {}, 0
  for _, one in ipairs(attached) do
    table.insert(titles, one.title)
    tokens = tokens + one.tokens
  end
  return ('%s, about %s'):format(table.concat(titles, ', '), require('pi.text').counted(tokens, 'token'))
end

--- Takes them for a prompt.
---@return pi.Attached[]
function M.take()
  local taken = attached
  attached = {}
  if #taken > 0 then
    changed()
  end
  return taken
end

--- Of a prompt that was refused: they are attached to the next one.
---@param taken pi.Attached[]
function M.put_back(taken)
  attached = vim.list_extend(taken, attached)
  changed()
end

--- The same once: what is attached already is not attached again.
---@param attachment table
---@return boolean
function M.has(attachment)
  return vim.iter(attached):any(function(one)
    return vim.deep_equal(one.attachment, attachment)
  end)
end

---@param attachment table
local function add(attachment)
  if M.has(attachment) then
    return note.info('it is attached already: ' .. M.shown())
  end
  require('pi.server.commands').run('pi.resolveContext', { attachments = { attachment } }, function(result)
    local title, problem
    for _, item in ipairs(result.items) do
      title = title
        or ('%s (%s)'):format(item.title, require('pi.text').counted(item.size, attachment.kind == 'file' and not item.text and 'byte' or 'character'))
      problem = problem or (not item.included and item.title .. ': ' .. (item.problem or 'it cannot be sent') or nil)
    end
    if problem or not title then
      return note.error(('not attached. %s'):format(problem or 'There is nothing to send.'))
    end
    table.insert(attached, { attachment = attachment, title = title, tokens = result.tokens or 0 })
    changed()
    note.info('attached to the next prompt: ' .. M.shown())
  end)
end

--- `:[range]Pi attach [file [path]|selection|diagnostics|problems|changes|terminal|buffers|clear]`
---@param words string
---@param range? { [1]: integer, [2]: integer }
function M.attach(words, range)
  local kind, path = words:match('^(%S*)%s*(.*)$')
  kind = kind ~= '' and kind or range and 'selection' or 'file'
  if not vim.list_contains(M.kinds, kind) or path ~= '' and kind ~= 'file' then
    return note.error(('"%s" is nothing that can be attached: %s.'):format(words, table.concat(M.kinds, ', ')))
  elseif kind == 'clear' then
    local taken = M.take()
    return note.info(#taken > 0 and 'nothing is attached to the next prompt any more.' or 'nothing is attached.')
  elseif kind == 'buffers' then
    return add({ kind = 'openFiles' })
  elseif require('pi.ask.known').titles[kind] then
    return require('pi.ask.known').get(kind, function(attachment, problem)
      if not attachment then
        return note.error('not attached: ' .. problem)
      end
      add(attachment)
    end)
  elseif path ~= '' then
    return add({ kind = 'file', uri = vim.uri_from_fname(vim.fn.fnamemodify(vim.fn.expand(path), ':p')) })
  end
  local buf = vim.api.nvim_get_current_buf()
  if not require('pi.server.connection').is_file(buf) then
    return note.error('there is no file in this window.')
  elseif kind == 'selection' and not range then
    return note.error('which lines? :[range]Pi attach selection, or select them first.')
  end
  -- The width of the last line is known with the encoding.
  require('pi.server.client').ready(function(client, missing)
    if not client then
      return note.error(missing --[[@as string]])
    end
    local context = require('pi.ask').context(buf, kind == 'selection' and range or nil)
    add({ kind = kind, uri = context.textDocument.uri, range = context.range })
  end)
end

--- What a prompt names and is no file becomes part of its argument; what there is none of is said.
---@param kinds string[]
---@param argument table of pi.ask
---@param go_on fun()
function M.gather(kinds, argument, go_on)
  local function following(index)
    if not kinds[index] then
      return go_on()
    end
    require('pi.ask.known').get(kinds[index], function(attachment, problem)
      if attachment then
        argument.attachments = argument.attachments or {}
        table.insert(argument.attachments, attachment)
      else
        note.brief(('@%s: %s'):format(kinds[index], problem), vim.log.levels.WARN)
      end
      following(index + 1)
    end)
  end
  following(1)
end

--- Says what of the prompt's mentions will not reach Pi, then continues.
---@param prompt string
---@param go_on fun()
function M.check(prompt, go_on)
  if not prompt:find('@', 1, true) then
    return go_on()
  end
  require('pi.server.client').execute('pi.resolveContext', { prompt = prompt }, function(_, result)
    local problems = {}
    for _, item in ipairs(result and result.items or {}) do
      if item.problem then
        table.insert(problems, ('%s: %s'):format(item.title, item.problem))
      end
    end
    if #problems > 0 then
      note.brief(table.concat(problems, '; '), vim.log.levels.WARN)
    end
    go_on()
  end)
end

return M
