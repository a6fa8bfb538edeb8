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

--- What an allowance covers, in words.
---@param one pi.Allowance
---@return string
local function covers(one)
  local shown = require('pi.shown')
  if one.tool then
    return 'every use of ' .. shown.name(one.tool)
  elseif one.shellCommand then
    return 'the command ' .. shown.name(one.shellCommand)
  elseif one.pathPattern then
    return 'edits of ' .. shown.name(one.pathPattern)
  end
  return 'reading ' .. shown.name(one.readPath or '?')
end

--- `:Pi allowances`: what is always allowed, to revoke one.
function M.allowances()
  run('pi.listAllowances', nil, function(result)
    if #result.allowances == 0 then
      return note.info('nothing is always allowed.')
    end
    require('pi.questions.pick').choose('Always allowed: revoke which?', result.allowances, covers, function(one)
      run('pi.revokeAllowance', { id = one.id }, function()
        note.info(('revoked: %s is asked for again.'):format(covers(one)))
      end)
    end)
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
    return run('pi.status', nil, function(status)
      require('pi.state').set_status(status)
      M.pick_mode(status)
    end)
  end
  run('pi.setPermissionMode', { mode = mode }, function(result)
    note.info('mode ' .. result.mode)
  end)
end

--- The list stands on the present mode: that of `vim.ui.select` begins with its first row.
---@param status pi.Status
function M.pick_mode(status)
  local present = status.permissionMode
  local modes = vim.tbl_filter(function(one)
    return one.name == present
  end, M.modes)
  for _, one in ipairs(M.modes) do
    if one.name ~= present then
      table.insert(modes, one)
    end
  end
  local title = status.restricted and 'Permission mode (Restricted Mode: `ask` at most)' or 'Permission mode'
  require('pi.questions.pick').choose(title, modes, function(one)
    return ('%s: %s%s'):format(one.name, one.what, one.name == present and ' (now)' or '')
  end, function(one)
    M.mode(one.name)
  end)
end

return M
