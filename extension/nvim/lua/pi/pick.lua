-- Choices and texts that the server asks for because the user has just asked for them: at once, through vim.ui.
local M = {}

---@param params { title: string, items: { id: string, label: string, detail?: string, group?: string }[] }
---@param done fun(answer?: { id: string })
function M.pick(params, done)
  vim.ui.select(params.items, {
    prompt = 'Pi: ' .. params.title,
    kind = 'pi',
    format_item = function(item)
      local parts = { item.label }
      if item.detail and item.detail ~= item.label then
        table.insert(parts, item.detail)
      end
      return (item.group and item.group .. ': ' or '') .. table.concat(parts, ' · ')
    end,
  }, function(item)
    done(item and { id = item.id } or nil)
  end)
end

---@param params { title: string, placeholder?: string, value?: string, multiline?: boolean, secret?: boolean }
---@param done fun(answer?: { value: string })
function M.input(params, done)
  local hint = params.placeholder and params.placeholder ~= '' and (' (%s)'):format(params.placeholder) or ''
  local prompt = ('Pi: %s%s: '):format(params.title, hint)
  if params.secret then
    -- vim.ui.input would show what is typed.
    local ok, value = pcall(vim.fn.inputsecret, prompt)
    return done(ok and value ~= '' and { value = value } or nil)
  end
  vim.ui.input({ prompt = prompt, default = params.value }, function(value)
    done(value and { value = value } or nil)
  end)
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
