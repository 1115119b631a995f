var field = document.getElementById("filter"), rows = document.querySelectorAll(".searched tbody tr");
field.parentNode.hidden = false;
field.addEventListener("input", function () {
  var words = field.value.toLowerCase().split(/\s+/), left = 0;
  rows.forEach(function (row) {
    var text = row.textContent.toLowerCase();
    row.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
    left += row.hidden ? 0 : 1;
  });
  document.getElementById("left").textContent = left + " of " + rows.length;
});
