-- What a provider or its client says of an error, as a sentence; its own words stay to be looked at. As words/providerError.ts
-- of the VS Code extension has it.
local M = {}

local LONGEST = 240

--- By the words that vendors and network clients use, as Vim patterns; the first that fits.
local KNOWN = {
  {
    [[prompt \(is \)\?too long\|context[_ ]length\|context window\|maximum context\|too many tokens\|token limit\|\<413\>]],
    'The conversation is longer than the model can read.',
  },
  { [[insufficient_quota\|usage limit\|billing\|credit balance\|out of budget\|quota exceeded]], 'The limit or the credit of this account is used up.' },
  {
    [[\<401\>\|unauthori[sz]ed\|invalid \(x-\)\?api[ _-]\?key\|invalid_api_key\|incorrect api key\|authentication]],
    'The provider refuses the key or the sign-in.',
  },
  { [[\<403\>\|permission_denied\|forbidden]], 'The provider does not allow this account to use the model.' },
  { [[model_not_found\|unknown model\|no such model\|model\>.\{0,80}\(not found\|does not exist\)]], 'The provider does not have this model.' },
  { [[\<429\>\|rate.\?limit\|too many requests]], 'The provider gets too many requests from this account just now.' },
  { [[\<529\>\|overloaded]], 'The provider is overloaded just now.' },
  { [[\<50[0234]\>\|internal server error\|bad gateway\|service unavailable\|server_error]], 'The provider has a failure of its own.' },
  { [[ECONNREFUSED\|ENOTFOUND\|EAI_AGAIN\|ENETUNREACH\|fetch failed\|connection error\|network]], 'The provider cannot be reached.' },
  { [[ETIMEDOUT\|timed\? \?out\|ECONNRESET\|socket hang up\|terminated\|premature]], 'The connection to the provider broke off.' },
}

--- What a body in JSON says of itself.
---@param raw string
---@return string?
local function message_in(raw)
  local text = vim.fn.matchlist(raw, [["message"\s*:\s*"\(\%([^"\\]\|\\.\)\+\)"]])[2]
  if not text or text == '' then
    return nil
  end
  local ok, decoded = pcall(vim.json.decode, ('"%s"'):format(text))
  return ok and type(decoded) == 'string' and decoded or nil
end

---@param text string
---@return boolean
local function is_prose(text)
  return vim.fn.strchars(text) <= LONGEST and not text:find('[{}<>\n]') and not text:find('^%d%d%d%f[%W]') and text:find('%s%S+%s') ~= nil
end

---@param text string
---@return string
local function as_sentence(text)
  local clean = vim.trim((text:gsub('%s+', ' ')))
  if vim.fn.strchars(clean) > LONGEST then
    clean = vim.fn.strcharpart(clean, 0, LONGEST - 1) .. '…'
  end
  return (clean:find('[.!?]$') or vim.endswith(clean, '…')) and clean or clean .. '.'
end

---@param raw string
---@return string sentence
---@return string? details the raw text, where the sentence does not say the same
function M.told(raw)
  local text = vim.trim(raw)
  if text == '' then
    return 'It failed, and nothing says why.'
  end
  local known
  for _, one in ipairs(KNOWN) do
    if not known and vim.fn.match(text, [[\c]] .. one[1]) >= 0 then
      known = one[2]
    end
  end
  -- Words that people can read say more than ours.
  local said = is_prose(text) and text or message_in(text)
  local sentence = said and is_prose(said) and as_sentence(said) or known or as_sentence(text:match('^[^\n]*'))
  local whole = known and not is_prose(text) and known or sentence
  local same = whole:gsub('%.$', '') == text:gsub('%.$', '')
  return whole, not same and text or nil
end

return M
