-- What the user can do where a prompt cannot be sent or a run has failed. The server says it as data; here it gets its
-- words, and the command that does it.
local M = {}

---@class pi.Step
---@field label string
---@field command string the `:Pi` that does it
---@field run fun()

---@type table<string, fun(step: pi.NextStep, setup: boolean): pi.Step?>
local steps = {
  signIn = function(step)
    local provider = step.provider or ''
    return {
      label = 'Sign in' .. (step.provider and ' to ' .. step.provider or ''),
      command = vim.trim(':Pi login ' .. provider),
      run = function()
        require('pi.session.providers').login(provider)
      end,
    }
  end,
  apiKey = function(step)
    local provider = step.provider or ''
    return {
      label = 'Paste an API key' .. (step.provider and ' of ' .. step.provider or ''),
      command = vim.trim(':Pi key ' .. provider),
      run = function()
        require('pi.session.providers').key(provider)
      end,
    }
  end,
  pickModel = function()
    return {
      label = 'Choose another model',
      command = ':Pi model',
      run = function()
        require('pi.session.choices').model('')
      end,
    }
  end,
  retry = function(_, setup)
    if setup then
      return {
        label = 'Look again',
        command = ':Pi check',
        run = function()
          require('pi.server.availability').check()
        end,
      }
    end
    return {
      label = 'Try again',
      command = ':Pi retry',
      run = function()
        require('pi.ask').retry()
      end,
    }
  end,
  compact = function()
    return {
      label = 'Compact and try again',
      command = ':Pi compact',
      run = function()
        require('pi.session.runs').compact('', function()
          require('pi.ask').retry()
        end)
      end,
    }
  end,
  settings = function()
    return {
      label = 'Read about the settings',
      command = ':help pi-options',
      run = function()
        vim.cmd('help pi-options')
      end,
    }
  end,
}

local IN_TERMINAL = { installPi = 'Install Pi in a terminal', installNode = 'Install Node.js in a terminal' }

--- Kinds that are not known here, and those that need a line and have none, are left out.
---@param next? pi.NextStep[]
---@param setup? boolean it is about the installation, not about a run
---@return pi.Step[]
function M.of(next, setup)
  local found, in_shell = {}, {}
  for _, step in ipairs(next or {}) do
    local known = steps[step.kind] and steps[step.kind](step, setup == true)
    table.insert(found, known)
    local line = step.command
    if line then
      table.insert(in_shell, {
        label = IN_TERMINAL[step.kind] or 'Set up in a terminal: ' .. require('pi.shown').name(line),
        command = ':Pi setup',
        run = function()
          require('pi.chat.block').type_in_terminal(line)
        end,
      })
    end
  end
  return vim.list_extend(found, in_shell)
end

--- " (:Pi login, :Pi key)"
---@param next? pi.NextStep[]
---@return string
function M.named(next)
  local commands = {}
  for _, step in ipairs(M.of(next)) do
    if not vim.list_contains(commands, step.command) then
      table.insert(commands, step.command)
    end
  end
  return #commands > 0 and (' (%s)'):format(table.concat(commands, ', ')) or ''
end

--- A picker of what can be done, in its turn: the user may be typing by now. Left, it is over; `:Pi setup` has it again.
---@param problem string
---@param next? pi.NextStep[]
---@param session? string
function M.offer(problem, next, session)
  local items = vim.tbl_map(function(step)
    return { label = step.label, answer = step }
  end, M.of(next))
  if #items == 0 then
    return
  end
  require('pi.questions').add({
    params = { sessionId = session },
    prompt = require('pi.shown').text(problem),
    items = items,
    once = true,
    quiet = true,
    done = function(step)
      if step then
        step.run()
      end
    end,
  })
end

return M
