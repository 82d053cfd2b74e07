-- Five bodies under gravity, leapfrog, and the norm of an infinite matrix by the power method.
local bodies = {
  {0, 0, 0, 0, 0, 0, 39.47841760435743},
  {4.84143144246472, -1.16032004402742, -0.10362204447112, 0.60632639299583, 2.81198684491626, -0.02521836165988, 0.0376936749},
  {8.34336671824458, 4.12479856412430, -0.40352341711432, -1.01077434617879, 1.82566237123041, 0.00841576137658, 0.0112863261},
  {12.8943695621391, -15.1111514016986, -0.22330757889265, 1.08279100644153, 0.86871301816960, -0.01083263740136, 0.0017237240},
  {15.3796971148509, -25.9193146099879, 0.17925877295037, 0.97909073224389, 0.59469899864767, -0.03475595555078, 0.0020336868},
}

local function advance(step)
  for i = 1, #bodies do
    local a = bodies[i]
    for j = i + 1, #bodies do
      local b = bodies[j]
      local x, y, z = a[1] - b[1], a[2] - b[2], a[3] - b[3]
      local square = x * x + y * y + z * z
      local pull = step / (square * math.sqrt(square))
      a[4], a[5], a[6] = a[4] - x * b[7] * pull, a[5] - y * b[7] * pull, a[6] - z * b[7] * pull
      b[4], b[5], b[6] = b[4] + x * a[7] * pull, b[5] + y * a[7] * pull, b[6] + z * a[7] * pull
    end
  end
  for _, a in ipairs(bodies) do
    for axis = 1, 3 do a[axis] = a[axis] + step * a[axis + 3] end
  end
end

for _ = 1, 20 do
  for _ = 1, 100 do advance(0.01) end
  for _, a in ipairs(bodies) do print(string.format("%.17g %.17g %.17g", a[1], a[2], a[3])) end
end
