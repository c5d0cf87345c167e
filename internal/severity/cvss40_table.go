package severity

// macroScores holds the score in tenths of each of the 270 MacroVectors: of the most severe vectors in it. The places
// are EQ1, EQ2, EQ3 with EQ6, EQ4 and EQ5; the comment at the end of a line gives EQ1, EQ2, EQ3, then EQ6.
//
// CVSS 4.0, 8.2; the numbers are those of FIRST's calculator.
var macroScores = [3][2][5][3][3]uint8{
	{
		{
			{{100, 98, 95}, {100, 93, 91}, {93, 89, 81}}, // 000··0
			{{99, 95, 92}, {96, 87, 81}, {90, 80, 68}},   // 000··1
			{{98, 95, 90}, {93, 89, 81}, {88, 78, 69}},   // 001··0
			{{95, 92, 84}, {92, 81, 65}, {80, 70, 48}},   // 001··1
			{{92, 82, 72}, {79, 69, 50}, {69, 55, 27}},   // 002··1
		},
		{
			{{99, 95, 92}, {95, 90, 84}, {92, 82, 72}}, // 010··0
			{{97, 92, 85}, {91, 83, 71}, {81, 71, 53}}, // 010··1
			{{95, 92, 85}, {92, 80, 70}, {84, 71, 50}}, // 011··0
			{{93, 85, 73}, {82, 72, 59}, {70, 52, 30}}, // 011··1
			{{86, 75, 52}, {71, 52, 29}, {63, 29, 17}}, // 012··1
		},
	},
	{
		{
			{{98, 94, 91}, {94, 86, 77}, {87, 74, 63}}, // 100··0
			{{95, 87, 81}, {89, 74, 64}, {75, 63, 49}}, // 100··1
			{{94, 88, 76}, {86, 74, 59}, {72, 57, 52}}, // 101··0
			{{89, 77, 67}, {76, 58, 50}, {57, 52, 25}}, // 101··1
			{{83, 70, 54}, {65, 58, 26}, {53, 21, 13}}, // 102··1
		},
		{
			{{95, 88, 76}, {90, 75, 61}, {77, 68, 52}}, // 110··0
			{{90, 76, 70}, {77, 62, 53}, {66, 59, 30}}, // 110··1
			{{89, 76, 62}, {74, 57, 47}, {61, 57, 24}}, // 111··0
			{{78, 67, 58}, {59, 57, 23}, {52, 29, 16}}, // 111··1
			{{71, 59, 30}, {58, 26, 15}, {23, 13, 6}},  // 112··1
		},
	},
	{
		{
			{{93, 86, 75}, {86, 74, 56}, {70, 52, 40}}, // 200··0
			{{87, 72, 58}, {74, 61, 34}, {54, 40, 22}}, // 200··1
			{{85, 74, 62}, {72, 55, 46}, {53, 34, 19}}, // 201··0
			{{75, 55, 51}, {57, 41, 19}, {36, 19, 8}},  // 201··1
			{{64, 51, 20}, {47, 21, 11}, {24, 9, 4}},   // 202··1
		},
		{
			{{88, 73, 60}, {73, 59, 41}, {54, 45, 20}}, // 210··0
			{{75, 53, 50}, {55, 40, 20}, {43, 22, 11}}, // 210··1
			{{75, 58, 40}, {61, 48, 20}, {46, 17, 8}},  // 211··0
			{{55, 45, 21}, {51, 18, 9}, {18, 7, 2}},    // 211··1
			{{53, 24, 14}, {24, 12, 5}, {10, 3, 1}},    // 212··1
		},
	},
}

// lowest40 is the least severe level of each set. CVSS 4.0, tables 24 to 30.
var lowest40 = levels{2, 1, 4, 2, 2}

// top40 is how many steps the most severe vectors of a level stand below the worst value of every metric of their set.
// A level may have several of them; they all stand equally low, hence one number.
var top40 = [5][5]int{
	{0, 1, 3},       // AV:N/PR:N/UI:N; AV:A/PR:N/UI:N and two more; AV:P/PR:N/UI:N and one more
	{0, 1},          // AC:L/AT:N; AC:H/AT:N and one more
	{0, 3, 1, 3, 3}, // VC:H/VI:H/VA:H with CR:H/IR:H/AR:H; with CR:M/IR:M/AR:M; VC:L/VI:H/VA:H …; VC:L/VI:L/VA:L
	{1, 3, 6},       // SC:H/SI:S/SA:S; SC:H/SI:H/SA:H; SC:L/SI:L/SA:L
	{0, 1, 2},       // E:A; E:P; E:U
}

// depth40 is the number of steps from the most severe vectors of a level to those of the next.
var depth40 = [5][5]int{
	{1, 4, 5},
	{1, 2},
	{7, 6, 8, 8, 10},
	{6, 5, 4},
	{1, 1, 1},
}
