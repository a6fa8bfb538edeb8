-- Model, thinking level, permission mode: chosen by name or from a list.
local note = require('pi.note')

local M = {}

local run = require('pi.server.commands').run

--- `:Pi model [provider/id]`
---@param name string
function M.model(name)
  local argument = {}
  if name ~= '' then
    local provider, model = name:match('^([^/]+)/(.+)$')
    if not provider then
      return note.error(('"%s" is no model; give it as provider/id, or choose one with :Pi model.'):format(name))
    end
    argument = { provider = provider, model = model }
  end
  run('pi.pickModel', argument, function(result)
    if result.model then
      note.info(('model %s, thinking %s'):format(M.full_name(result.provider, result.model), result.thinking))
    end
  end)
end

---@param provider? string
---@param model string
---@return string
function M.full_name(provider, model)
  if not provider or vim.startswith(model, provider .. '/') then
    return model
  end
  return provider .. '/' .. model
end

---@return string[] full names
function M.model_names()
  local models = require('pi.server.commands').await('pi.listModels')
  local names = {}
  for _, group in ipairs(models and models.groups or {}) do
    for _, model in ipairs(group.models) do
      table.insert(names, group.provider .. '/' .. model.id)
    end
  end
  return names
end

---@return string[] of the present model
function M.levels()
  local result = require('pi.server.commands').await('pi.listThinking')
  return result and result.levels or {}
end

--- `:Pi thinking [level]`
---@param level string
function M.thinking(level)
  run('pi.setThinking', { level = level ~= '' and level or nil }, function(result)
    note.info('thinking ' .. result.thinking)
  end)
end

M.modes = {
  { name = 'readOnly', what = 'no edits, no commands' },
  { name = 'ask', what = 'edits and commands are asked for' },
  { name = 'acceptEdits', what = 'edits are applied, commands are asked for' },
  { name = 'full', what = 'edits are applied, commands run' },
}

--- `:Pi mode [mode]`
---@param mode string
function M.mode(mode)
  if mode == '' then
    return require('pi.questions.pick').choose('Permission mode', M.modes, function(one)
      return ('%s: %s'):format(one.name, one.what)
    end, function(one)
      M.mode(one.name)
    end)
  end
  run('pi.setPermissionMode', { mode = mode }, function(result)
    note.info('mode ' .. result.mode)
  end)
end

return M
