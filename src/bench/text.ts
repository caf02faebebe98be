/** What models are scored on when their weights are compared: plain prose, a list, a dialogue, a little code. */
export const fixedText = `Water moves in a circle. The sun warms the sea, and some of the water rises into the air as vapour. High above the ground the air is cold, so the vapour turns into small drops, and many small drops together make a cloud. When the drops become heavy they fall as rain or snow. The rain runs down the hills into streams, the streams run into rivers, and the rivers carry the water back to the sea, where the circle begins again.

Here are five things to take on a walk in the mountains:
1. A bottle of water
2. Warm clothes and a rain jacket
3. A map of the area
4. Some food, such as bread, cheese and fruit
5. A small first aid kit

"Good morning," said the baker. "What can I do for you today?"
"I would like two loaves of bread, please," said the girl. "My grandmother is coming to visit us."
"Then you should take a cake as well," said the baker with a smile. "Your grandmother likes apple cake, doesn't she?"
The girl laughed. "Yes, she does. But I only have five coins."
"That is enough," said the baker, and he put the cake into her basket.

The following function returns the largest number in a list:

def largest(numbers):
    result = numbers[0]
    for number in numbers:
        if number > result:
            result = number
    return result

The capital of France is Paris. The city lies on the river Seine and is known for the Eiffel Tower, which was built in 1889. About two million people live there, and many more come to visit its museums, churches and parks every year. In summer the streets are full of people who sit in front of the cafes, drink coffee and talk. A train from Paris to London takes a little more than two hours, because it goes through a tunnel under the sea.

Plants make their own food. They take in light through their leaves, water through their roots and a gas called carbon dioxide from the air. From these they make sugar, which gives them energy to grow, and oxygen, which they give back to the air. This is called photosynthesis, and without it there would be no animals and no people on Earth.
`;
