-- Plays what docs/editors/neovim.md says of the bare server, with its own configurations: asks by code action, twice, and
-- reads the conversation. The case is in PILSP_CASE, as for driver.lua.

local case = vim.fn.json_decode(vim.env.PILSP_CASE)
local seen = { messages = {}, read = {} }

local function wait_for(what, condition)
  if not vim.wait(30000, condition, 20) then
    error('waited in vain for ' .. what)
  end
end

local function text_of(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
end

---@return integer?
local function conversation()
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_name(buffer):match('/pi%-s%d+%.md$') then
      return buffer
    end
  end
end

local function servers()
  return tonumber(vim.fn.system('pgrep -c -P ' .. vim.fn.getpid() .. ' -x pilsp'))
end

local wanted = 'Ask Pi about this'
vim.ui.select = function(items, options, on_choice)
  for index, item in ipairs(items) do
    if options.format_item(item):find(wanted, 1, true) then
      return on_choice(item, index)
    end
  end
  error(wanted .. ' is not offered')
end
vim.notify = function(message)
  table.insert(seen.messages, message)
end
vim.lsp.handlers['window/showMessage'] = function(_, params)
  table.insert(seen.messages, params.message)
end

local function ask()
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.lsp.buf.code_action()
end

local function run()
  -- Types of files, without their plugins: those of newer versions want parsers that Debian packages apart.
  vim.cmd('filetype on')
  vim.o.hidden = true
  -- The server's own path, and where Pi is.
  _G.case = case
  for _, code in ipairs(case.configuration) do
    local own = code:gsub(vim.pesc('{ "/path/to/dist/server/pilsp" }'), '{ _G.case.server }, init_options = { pi = _G.case.settings }')
    assert(loadstring(own))()
  end
  vim.cmd('edit ' .. vim.fn.fnameescape(case.workspace .. '/' .. case.open))
  local client
  wait_for('the server', function()
    client = vim.lsp.get_active_clients()[1]
    return client and client.initialized and vim.lsp.buf_is_attached(0, client.id)
  end)
  local window = vim.api.nvim_get_current_win()
  ask()
  if case.opensByItself then
    wait_for('the document', conversation)
  else
    local path
    wait_for('the message', function()
      path = table.concat(seen.messages, '\n'):match('the conversation is in (%S+)')
      return path
    end)
    vim.cmd('split ' .. path)
    vim.cmd('wincmd p')
  end
  seen.first = text_of(conversation())
  wait_for('the first answer', function()
    return text_of(conversation()):find('the first answer', 1, true)
  end)
  ask()
  wait_for('the second answer', function()
    return text_of(conversation()):find('the second answer', 1, true)
  end)
  ask()
  wait_for('the third one', function()
    return text_of(conversation()):find('The third', 1, true)
  end)
  wanted = 'Stop Pi'
  ask()
  wait_for('the end of the third run', function()
    return text_of(conversation()):find('Stopped', 1, true)
  end)
  seen.conversation = text_of(conversation())
  seen.modified = vim.api.nvim_buf_get_option(conversation(), 'modified')
  seen.stayed = vim.api.nvim_get_current_win() == window
  seen.windows = #vim.api.nvim_list_wins()
  seen.servers = servers()
  if case.askInWords then
    vim.cmd('PiAsk what is it')
    wait_for('the answer in words', function()
      return vim.tbl_contains(seen.messages, 'A last one.')
    end)
  end
end

local ok, problem = xpcall(run, debug.traceback)
if not ok then
  seen.problem = problem
end
vim.fn.writefile({ vim.fn.json_encode(seen) }, case.result)
vim.lsp.stop_client(vim.lsp.get_active_clients())
vim.wait(5000, function()
  return servers() == 0
end, 20)
vim.cmd('qall!')
