-- The server's commands, as most of the plugin gives them.
local M = {}

--- For whoever has nothing to do when it fails: the user is told why.
---@param command pi.CommandName
---@param argument? table
---@param done fun(result: table)
function M.run(command, argument, done)
  require('pi.server.client').execute(command, argument, function(problem, result, next)
    if problem then
      require('pi.server.steps').offer(problem, next, argument and argument.sessionId)
      return require('pi.note').error(problem .. require('pi.server.steps').named(next))
    end
    done(result or {})
  end)
end

--- For a completion: waits a moment, and starts nothing.
---@param command pi.CommandName
---@param argument? table
---@return table? result
function M.await(command, argument)
  local client = require('pi.server.client').get()
  if not client then
    return nil
  end
  local answered, result = false, nil
  require('pi.server.client').execute(command, argument, function(_, given)
    answered, result = true, given
  end)
  -- One that is being started has more to do first.
  vim.wait(client.initialized and 2000 or 10000, function()
    return answered
  end, 10)
  return result
end

return M
