-- Choices and texts that the server asks for. Those of a command that the user has just given come at once; those of
-- a run, from an extension of Pi, wait like other questions.
local M = {}

---@param item pi.PickItem
---@return string
local function shown(item)
  local detail = item.detail and item.detail ~= item.label and ' · ' .. item.detail or ''
  return (item.group and item.group .. ': ' or '') .. item.label .. detail
end

---@param show fun(done: fun(answer: any), field: pi.Field)
---@param params { title: string, sessionId?: string }
---@param done fun(answer: any)
local function in_turn(show, params, done)
  if not params.sessionId and require('pi.server.client').is_choosing() then
    return show(done, require('pi.questions.field').new())
  end
  -- Only the server's sessions keep a question for later.
  local once = params.sessionId == nil
  require('pi.questions').add({ params = { sessionId = params.sessionId }, prompt = params.title, show = show, once = once, done = done })
end

---@param params { title: string, items: pi.PickItem[], sessionId?: string }
---@param done fun(answer?: { id: string })
function M.pick(params, done)
  local primary = vim.tbl_filter(function(item)
    return item.primary == true
  end, params.items)
  local all = { id = '', label = ('All %d …'):format(#params.items) }
  local function ask(field, items, answered)
    field:select(items, { prompt = 'Pi: ' .. params.title, kind = 'pi', format_item = shown }, function(item)
      if item == all then
        return ask(field, params.items, answered)
      end
      answered(item and { id = item.id } or nil)
    end)
  end
  in_turn(function(answered, field)
    if #primary > 0 and #primary < #params.items then
      ask(field, vim.list_extend({ unpack(primary) }, { all }), answered)
    else
      ask(field, params.items, answered)
    end
  end, params, done)
end

---@param params { title: string, placeholder?: string, value?: string, multiline?: boolean, secret?: boolean, sessionId?: string }
---@param done fun(answer?: { value: string })
function M.input(params, done)
  local hint = params.placeholder and params.placeholder ~= '' and (' (%s)'):format(params.placeholder) or ''
  local prompt = ('Pi: %s%s: '):format(params.title, hint)
  in_turn(function(answered, field)
    local function typed(value)
      answered(value and { value = value } or nil)
    end
    if not params.secret then
      return field:input({ prompt = prompt, default = params.value }, typed)
    end
    -- vim.ui.input would show what is typed.
    field:open(function(given)
      local ok, value = pcall(vim.fn.inputsecret, prompt)
      given(ok and value ~= '' and value or nil)
    end, typed)
  end, params, done)
end

---@generic T
---@param title string
---@param items T[]
---@param format fun(item: T): string
---@param done fun(item: T) not called when nothing is chosen
function M.choose(title, items, format, done)
  vim.ui.select(items, { prompt = 'Pi: ' .. title, kind = 'pi', format_item = format }, function(item)
    if item ~= nil then
      done(item)
    end
  end)
end

return M
