-- Runs one scenario inside a bare Neovim and writes down what the user would see. Speaks to 0.7 as well as to newer ones.
-- The test says what it wants in PILSP_CASE (JSON) and reads the answer from the file that it names.

local case = vim.fn.json_decode(vim.env.PILSP_CASE)
local seen = { questions = {}, messages = {}, marks = {} }
local client_id

local function wait_for(what, condition, milliseconds)
  if not vim.wait(milliseconds or 20000, condition, 5) then
    error('waited in vain for ' .. what)
  end
end

local function type_at_top(buffer, text)
  vim.api.nvim_buf_set_lines(buffer, 0, 0, false, { text })
end

-- What the user does is one step of undo, apart from what comes after it.
local function end_of_undo_step()
  vim.cmd('let &undolevels = &undolevels')
end

local buffer

-- Before the user answers, whatever the test wants to happen meanwhile.
local function meanwhile()
  if case.typeWhileAsked then
    type_at_top(buffer, case.typeWhileAsked)
    case.typeWhileAsked = nil
  end
end

-- 0.7 asks by a numbered list, newer ones by vim.ui.select.
vim.fn.inputlist = function(lines)
  table.insert(seen.questions, table.concat(lines, '\n'))
  meanwhile()
  for _, line in ipairs(lines) do
    local number, title = line:match('^(%d+)%. (.*)$')
    if title == case.answer then
      return tonumber(number)
    end
  end
  return 0
end
vim.ui.select = function(items, options, on_choice)
  table.insert(seen.questions, options.prompt or '')
  meanwhile()
  for index, item in ipairs(items) do
    local title = options.format_item and options.format_item(item) or item.title or item
    if title == case.answer then
      return on_choice(item, index)
    end
  end
  on_choice(nil, nil)
end

local function start()
  local config = {
    name = 'pilsp',
    cmd = { case.server, '--stdio' },
    root_dir = case.workspace,
    workspace_folders = { { uri = vim.uri_from_fname(case.workspace), name = 'workspace' } },
    settings = { pi = case.settings },
    init_options = { pi = case.settings },
    handlers = {
      ['window/showMessage'] = function(_, result)
        table.insert(seen.messages, result.message)
      end,
    },
  }
  client_id = assert(vim.lsp.start_client(config), 'the server cannot be started')
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, {
    callback = function(event)
      vim.lsp.buf_attach_client(event.buf, client_id)
    end,
  })
end

local function client()
  return vim.lsp.get_client_by_id(client_id)
end

local function open(name)
  vim.cmd('edit ' .. vim.fn.fnameescape(case.workspace .. '/' .. name))
  local opened = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(opened, client_id)
  wait_for('the server', function()
    return client() and client().initialized
  end)
  return opened
end

-- The hunks that wait, as the user sees them.
local function marks()
  return vim.tbl_filter(function(one)
    return one.source == 'pi'
  end, vim.diagnostic.get(buffer))
end

-- Decides hunk by hunk: the cursor on a mark, then a code action by its title.
local function decide_by_code_action()
  for _, step in ipairs(case.codeActions) do
    wait_for(step.marks .. ' marks', function()
      return #marks() == step.marks
    end)
    for _, mark in ipairs(marks()) do
      table.insert(seen.marks, { line = mark.lnum, message = mark.message, severity = mark.severity })
    end
    vim.api.nvim_win_set_cursor(0, { step.line, 0 })
    case.answer = step.title
    vim.lsp.buf.code_action()
    wait_for('the decision', function()
      return #marks() ~= step.marks
    end)
  end
end

local function ask(prompt)
  local answer
  local params = { command = 'pi.ask', arguments = { { prompt = prompt, textDocument = { uri = vim.uri_from_bufnr(buffer) } } } }
  local function done(error, result)
    answer = { error = error, result = result }
  end
  local one = client()
  -- From 0.11 on the functions of a client are methods.
  if vim.fn.has('nvim-0.11') == 1 then
    one:request('workspace/executeCommand', params, done, buffer)
  else
    one.request('workspace/executeCommand', params, done, buffer)
  end
  if case.typeAfterAsk then
    type_at_top(buffer, case.typeAfterAsk)
  end
  if case.codeActions then
    decide_by_code_action()
  end
  wait_for('the end of the run', function()
    return answer ~= nil
  end, 30000)
  if answer.error then
    error('pi.ask failed: ' .. vim.inspect(answer.error))
  end
  return answer.result
end

local function text_of(one)
  return table.concat(vim.api.nvim_buf_get_lines(one, 0, -1, false), '\n')
end

local function run()
  if case.first then
    vim.cmd(case.first)
  end
  start()
  buffer = open(case.open)
  if case.unsaved then
    type_at_top(buffer, case.unsaved)
    end_of_undo_step()
  end
  seen.before = text_of(buffer)
  local result = ask('please')
  seen.stopReason = result.stopReason
  seen.edits = result.edits
  seen.text = text_of(buffer)
  seen.modified = vim.api.nvim_buf_get_option(buffer, 'modified')
  seen.fileformat = vim.api.nvim_buf_get_option(buffer, 'fileformat')
  seen.buffers = {}
  for _, one in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(one)
    if vim.api.nvim_buf_is_loaded(one) and name ~= '' then
      seen.buffers[vim.fn.fnamemodify(name, ':t')] = { text = text_of(one), modified = vim.api.nvim_buf_get_option(one, 'modified') }
    end
  end
  for _, one in ipairs(case.later or {}) do
    if one.command then
      vim.cmd(one.command)
    else
      vim.api.nvim_buf_set_text(buffer, one.line - 1, one.from, one.line - 1, one.to or one.from, vim.split(one.text, '\n'))
    end
  end
  if case.later then
    ask('and now')
    seen.later = text_of(buffer)
  end
  if case.undo then
    vim.cmd('silent undo')
    seen.undone = text_of(buffer)
  end
  if case.write then
    vim.cmd('silent write')
  end
end

local ok, problem = xpcall(run, debug.traceback)
if not ok then
  seen.problem = problem
end
vim.fn.writefile({ vim.fn.json_encode(seen) }, case.result)

if client_id and client() then
  vim.lsp.stop_client(client_id)
  vim.wait(5000, function()
    return vim.lsp.get_client_by_id(client_id) == nil
  end, 5)
end
vim.cmd('qall!')
