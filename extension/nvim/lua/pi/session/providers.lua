-- Providers of models: what is set up, signing in and out, keys. Pi holds the credentials; none passes through here but
-- what is typed into a hidden field.
local note = require('pi.note')

local M = {}

local run = require('pi.server.commands').run

---@param provider table of pi.listProviders
---@return string
local function describe(provider)
  if provider.configured then
    return ('%s: %s, %s'):format(provider.name, provider.source or 'set up', require('pi.text').counted(provider.models or 0, 'model'))
  end
  return provider.name
end

---@param question string
---@param fits fun(provider: table): boolean
---@param done fun(provider: table)
local function choose(question, fits, done)
  -- Somebody may have signed in with `pi` in a terminal meanwhile.
  run('pi.listProviders', { refresh = true }, function(result)
    local fitting = vim.tbl_filter(fits, result.providers)
    if #fitting == 0 then
      return note.info('there is none.')
    end
    -- What is set up comes first.
    local ordered = {}
    for _, configured in ipairs({ true, false }) do
      for _, provider in ipairs(fitting) do
        if (provider.configured or false) == configured then
          table.insert(ordered, provider)
        end
      end
    end
    require('pi.questions.pick').choose(question, ordered, describe, done)
  end)
end

---@param provider table
---@param kind string
---@return boolean
local function has(provider, kind)
  return vim.list_contains(provider.kinds or {}, kind)
end

---@param result pi.Credential
local function told(result)
  note.info(
    ('%s is set up%s. :Pi model chooses.'):format(result.provider, result.models and ', with ' .. require('pi.text').counted(result.models, 'model') or '')
  )
end

---@param command string
---@param provider string
local function send(command, provider)
  run(command, { provider = provider }, function(result)
    if command == 'pi.logout' then
      return note.info(('%s: %s.'):format(provider, result.configured and 'still set up by ' .. (result.source or 'other means') or 'signed out'))
    end
    told(result)
  end)
end

--- `:Pi login [provider]`
---@param provider string
function M.login(provider)
  if provider ~= '' then
    return send('pi.login', provider)
  end
  choose('Sign in to which provider?', function(one)
    return has(one, 'oauth')
  end, function(one)
    send('pi.login', one.id)
  end)
end

--- `:Pi key [provider]`: the key is asked for in a hidden field.
---@param provider string
function M.key(provider)
  if provider ~= '' then
    return send('pi.setApiKey', provider)
  end
  choose('Whose API key?', function(one)
    return has(one, 'apiKey')
  end, function(one)
    send('pi.setApiKey', one.id)
  end)
end

--- `:Pi logout [provider]`
---@param provider string
function M.logout(provider)
  if provider ~= '' then
    return send('pi.logout', provider)
  end
  choose('Sign out of which provider?', function(one)
    return one.removable
  end, function(one)
    send('pi.logout', one.id)
  end)
end

--- `:Pi providers`: what there is, and what can be done about one.
function M.list()
  choose('Providers', function()
    return true
  end, function(provider)
    local actions = {}
    if has(provider, 'oauth') then
      table.insert(actions, { label = 'Sign in', run = M.login })
    end
    if has(provider, 'apiKey') then
      table.insert(actions, { label = 'Give an API key', run = M.key })
    end
    if provider.removable then
      table.insert(actions, { label = provider.source == 'oauth' and 'Sign out' or 'Forget the key', run = M.logout })
    end
    if #actions == 0 then
      return note.info(('%s is set up by environment variables: %s'):format(provider.name, provider.docs or "see Pi's documentation"))
    end
    require('pi.questions.pick').choose(provider.name, actions, function(action)
      return action.label
    end, function(action)
      action.run(provider.id)
    end)
  end)
end

---@type string[]?
local names

---@return string[] ids of the providers, asked for once
function M.names()
  if not names then
    local result = require('pi.server.commands').await('pi.listProviders')
    names = result and vim.tbl_map(function(one)
      return one.id
    end, result.providers)
  end
  return names or {}
end

return M
